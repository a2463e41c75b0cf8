// An SMS comes in.

package example.rapport.phone

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.provider.Telephony

class SmsReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        if (intent.action != Telephony.Sms.Intents.SMS_RECEIVED_ACTION) return
        val now = System.currentTimeMillis()
        // A long SMS comes in parts, all in one broadcast.
        val parts = Telephony.Sms.Intents.getMessagesFromIntent(intent)?.filterNotNull().orEmpty()
        if (parts.isEmpty()) return
        val event = Event(
            id = newId(),
            type = "sms",
            inbound = true,
            number = parts.first().originatingAddress,
            at = now,
            text = parts.joinToString("") { it.messageBody.orEmpty() },
        )
        inBackground {
            Store.of(context).note(event)
            Upload.soon(context)
        }
    }
}
