// Work of a receiver that must not hold up the main thread, one after another.

package example.rapport.phone

import android.content.BroadcastReceiver
import java.util.concurrent.Executors

private val inOrder = Executors.newSingleThreadExecutor()

/** Does it after what was asked before; the system keeps the process until then. */
fun BroadcastReceiver.inBackground(work: () -> Unit) {
    val pending = goAsync()
    inOrder.execute {
        try {
            work()
        } finally {
            pending.finish()
        }
    }
}
