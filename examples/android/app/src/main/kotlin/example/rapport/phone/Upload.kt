// Uploads what waits whenever there is a network, and tries again ever later where there is no answer.

package example.rapport.phone

import android.content.Context
import android.os.Build
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequest
import androidx.work.OutOfQuotaPolicy
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.Worker
import androidx.work.WorkerParameters
import java.util.concurrent.TimeUnit

class Upload(context: Context, parameters: WorkerParameters) : Worker(context, parameters) {
    override fun doWork(): Result = synchronized(one) { upload() }

    private fun upload(): Result {
        val settings = Settings(applicationContext)
        if (!settings.isComplete) return Result.success()
        Logs(applicationContext).read(System.currentTimeMillis())
        if (System.currentTimeMillis() < settings.notBefore) return Result.retry()
        val store = Store.of(applicationContext)
        val delivery = Delivery(settings.url, settings.secret, settings.deviceId)
        while (!isStopped) {
            val batch = store.nextBatch()
            if (batch.isEmpty()) break
            when (val outcome = delivery.send(batch, System.currentTimeMillis())) {
                is Outcome.Answered -> {
                    store.drop(outcome.arrived)
                    settings.lastAnswer = "${outcome.arrived.size} arrived, ${outcome.rejected} of them not recorded"
                }
                is Outcome.Later -> {
                    settings.lastAnswer = outcome.why
                    settings.notBefore = System.currentTimeMillis() + outcome.seconds * 1000
                    return Result.retry()
                }
            }
        }
        return Result.success()
    }

    companion object {
        private const val ONCE = "upload"
        private const val ALWAYS = "upload-always"

        /** One upload at a time: two would send the same, which costs nothing but traffic. */
        private val one = Any()

        private val withNetwork = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()

        /** Something waits. Not on the main thread. */
        fun soon(context: Context, delaySeconds: Long = 0) {
            val request = OneTimeWorkRequest.Builder(Upload::class.java)
                .setConstraints(withNetwork)
                .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, 30, TimeUnit.SECONDS)
                .apply {
                    if (delaySeconds > 0) {
                        setInitialDelay(delaySeconds, TimeUnit.SECONDS)
                    } else if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
                        // Before Android 12 that would need a notification for each.
                        setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
                    }
                }
                .build()
            val manager = WorkManager.getInstance(context)
            // One that runs may have looked already: this one comes after it. One that waits for its next try need not.
            val runs = manager.getWorkInfosForUniqueWork(ONCE).get().any { it.state == WorkInfo.State.RUNNING }
            val policy = if (runs) ExistingWorkPolicy.APPEND_OR_REPLACE else ExistingWorkPolicy.REPLACE
            manager.enqueueUniqueWork(ONCE, policy, request).result.get()
        }

        /** Every quarter of an hour, whatever happens: for what no broadcast told of. */
        fun always(context: Context) {
            val request = PeriodicWorkRequest.Builder(Upload::class.java, 15, TimeUnit.MINUTES)
                .setConstraints(withNetwork)
                .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, 1, TimeUnit.MINUTES)
                .build()
            WorkManager.getInstance(context).enqueueUniquePeriodicWork(ALWAYS, ExistingPeriodicWorkPolicy.KEEP, request)
        }
    }
}
