// Where to deliver to, and how the last upload went. Only this app can read it, and no backup takes it along.

package example.rapport.phone

import android.content.Context

class Settings(context: Context) {
    private val stored = context.applicationContext.getSharedPreferences("settings", Context.MODE_PRIVATE)

    var url: String
        get() = stored.getString("url", "").orEmpty()
        set(value) = stored.edit().putString("url", value.trim()).apply()

    var secret: String
        get() = stored.getString("secret", "").orEmpty()
        set(value) = stored.edit().putString("secret", value.trim()).apply()

    val isComplete get() = url.startsWith("https://") && secret.isNotEmpty() && since > 0

    /** Names this phone in the ids of what it delivers: made once, for as long as the app is installed. */
    val deviceId: String
        get() = synchronized(DEVICE) {
            stored.getString(DEVICE, null) ?: newId().also { stored.edit().putString(DEVICE, it).commit() }
        }

    /** From when on the phone's logs are read: when the app was set up. What was before is nobody's business. */
    var since: Long
        get() = stored.getLong("since", 0)
        set(value) = stored.edit().putLong("since", value).apply()

    /** Until then the server asked to be left alone. */
    var notBefore: Long
        get() = stored.getLong("notBefore", 0)
        set(value) = stored.edit().putLong("notBefore", value).apply()

    /** What came of the last upload, in words. */
    var lastAnswer: String?
        get() = stored.getString("lastAnswer", null)
        set(value) = stored.edit().putString("lastAnswer", value).apply()

    private companion object {
        const val DEVICE = "device"
    }
}
