// Which call a row of the call log speaks of.

package example.rapport.phone

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class CallsTest {
    private val ringing = Call("r", "+14155550100", began = 100_000, state = "ringing", ended = 130_000)
    private fun row(number: String?, date: Long, inbound: Boolean = true) = Row(number, date, inbound, "missed", null)

    @Test
    fun `a row speaks of the call that rang then, however its number is spelled`() {
        for (number in listOf("+14155550100", "(415) 555-0100", null)) {
            assertEquals("r", callOf(row(number, 98_000), listOf(ringing))?.id)
        }
        assertNull(callOf(row("+14155550199", 98_000), listOf(ringing)))
        assertNull(callOf(row("+14155550100", 60_000), listOf(ringing)))
        assertNull(callOf(row("+14155550100", 98_000, inbound = false), listOf(ringing)))
    }

    @Test
    fun `a row that was read before is known by its time and number`() {
        val read = ringing.copy(logged = 98_000)
        assertEquals(read, callOf(row("+14155550100", 98_000), listOf(read)))
        assertNull(callOf(row("+14155550100", 99_000), listOf(read)))
        val dialled = Call("d", "+14155550177", began = 5, state = "completed", ended = 9, logged = 5)
        assertEquals("d", callOf(row("+14155550177", 5, inbound = false), listOf(dialled))?.id)
    }

    @Test
    fun `two calls within seconds are told apart by the nearer time`() {
        val again = ringing.copy(id = "again", began = 120_000)
        assertEquals("again", callOf(row("+14155550100", 119_000), listOf(ringing, again))?.id)
        assertEquals("r", callOf(row(null, 101_000), listOf(again, ringing))?.id)
    }

    @Test
    fun `a call that is not in the log ended as it stood`() {
        assertEquals("missed", endWithoutLog(ringing))
        assertEquals("completed", endWithoutLog(ringing.copy(state = "in_progress")))
        assertNull(endWithoutLog(ringing.copy(ended = null)))
        assertNull(endWithoutLog(ringing.copy(state = "declined")))
    }
}
