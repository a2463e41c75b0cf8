// The only screen: the source's address and secret, the permissions, and how it goes.

package example.rapport.phone

import android.Manifest
import android.app.Activity
import android.content.pm.PackageManager
import android.os.Bundle
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import android.widget.Toast
import java.util.concurrent.Executors

private val NEEDED = arrayOf(
    Manifest.permission.RECEIVE_SMS,
    Manifest.permission.READ_SMS,
    Manifest.permission.READ_PHONE_STATE,
    Manifest.permission.READ_CALL_LOG,
)

class SettingsActivity : Activity() {
    private val settings by lazy { Settings(this) }
    private val background = Executors.newSingleThreadExecutor()

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.settings)
        findViewById<EditText>(R.id.url).setText(settings.url)
        findViewById<EditText>(R.id.secret).setText(settings.secret)
        findViewById<Button>(R.id.save).setOnClickListener { save() }
        findViewById<Button>(R.id.send).setOnClickListener { send() }
    }

    override fun onResume() {
        super.onResume()
        show()
    }

    override fun onDestroy() {
        background.shutdown()
        super.onDestroy()
    }

    override fun onRequestPermissionsResult(code: Int, permissions: Array<String>, results: IntArray) {
        super.onRequestPermissionsResult(code, permissions, results)
        show()
    }

    private fun save() {
        val url = findViewById<EditText>(R.id.url).text.toString().trim()
        val secret = findViewById<EditText>(R.id.secret).text.toString().trim()
        val problem = when {
            !url.startsWith("https://") -> R.string.bad_url
            secret.isEmpty() -> R.string.no_secret
            else -> null
        }
        if (problem != null) return say(problem)
        settings.url = url
        settings.secret = secret
        settings.notBefore = 0
        if (settings.since == 0L) settings.since = System.currentTimeMillis()
        say(R.string.saved)
        Upload.always(this)
        send()
        val missing = missing()
        if (missing.isNotEmpty()) requestPermissions(missing.toTypedArray(), 1)
    }

    private fun send() {
        val app = applicationContext
        background.execute {
            Upload.soon(app)
            runOnUiThread { if (!isDestroyed) show() }
        }
    }

    private fun missing() = NEEDED.filter { checkSelfPermission(it) != PackageManager.PERMISSION_GRANTED }

    private fun show() {
        background.execute {
            val waiting = Store.of(this).countWaiting()
            val lines = mutableListOf(getString(R.string.waiting, waiting, settings.lastAnswer ?: getString(R.string.never)))
            missing().mapTo(lines) { getString(R.string.missing, it.substringAfterLast('.')) }
            runOnUiThread { findViewById<TextView>(R.id.state).text = lines.joinToString("\n") }
        }
    }

    private fun say(what: Int) = Toast.makeText(this, what, Toast.LENGTH_SHORT).show()
}
