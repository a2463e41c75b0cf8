// A call rings, is taken, is over. What rings is told at once, for whoever looks at rapport; how it ended is in the log.

package example.rapport.phone

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.telephony.TelephonyManager

/** Longer than this no call rings. */
private const val RINGS_MS = 180_000L

class CallReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        if (intent.action != TelephonyManager.ACTION_PHONE_STATE_CHANGED) return
        // Each change comes twice: without the number, and for who may read the call log with it.
        if (!intent.hasExtra(TelephonyManager.EXTRA_INCOMING_NUMBER)) return
        val now = System.currentTimeMillis()
        val number = intent.getStringExtra(TelephonyManager.EXTRA_INCOMING_NUMBER)?.ifBlank { null }
        val state = intent.getStringExtra(TelephonyManager.EXTRA_STATE)
        inBackground { changed(context, state, number, now) }
    }

    private fun changed(context: Context, state: String?, number: String?, now: Long) {
        val store = Store.of(context)
        val ringing = store.callsSince(now - RINGS_MS).firstOrNull { it.state == "ringing" && it.ended == null }
        when (state) {
            TelephonyManager.EXTRA_STATE_RINGING -> {
                if (ringing != null && sameNumber(ringing.number, number)) return
                move(store, Call(newId(), number, began = now, state = "ringing"), now)
                Upload.soon(context)
            }
            TelephonyManager.EXTRA_STATE_OFFHOOK -> {
                // Without one that rang somebody dialled: that is in the log once it is over.
                move(store, ringing?.copy(state = "in_progress") ?: return, now)
                Upload.soon(context)
            }
            TelephonyManager.EXTRA_STATE_IDLE -> {
                store.endCalls(now)
                // The log is written a moment later.
                Upload.soon(context, delaySeconds = 5)
            }
        }
    }

    private fun move(store: Store, call: Call, now: Long) {
        store.note(Event(call.id, "call", inbound = true, number = call.number, at = now, state = call.state), call)
    }
}
