// What goes into a request, and what an answer leaves in the queue.

package example.rapport.phone

import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class DeliveryTest {
    private fun waiting(place: Long, id: String) =
        Waiting(place, Event(id, "sms", inbound = true, number = "+14155550100", at = 0, text = "Hello").toJson().toString())

    private fun answer(vararg results: Pair<String, String>) =
        """{"results":[${results.joinToString(",") { (id, outcome) -> """{"id":"$id","outcome":"$outcome","error":null}""" }}]}"""

    @Test
    fun `a request says when it was sent, by the phone's clock at this try`() {
        val json = JSONObject(body("pixel", listOf(waiting(1, "a")), 1_795_687_200_000))
        assertEquals("pixel", json.getString("deviceId"))
        assertEquals("2026-11-26T10:00:00Z", json.getString("sentAt"))
        val event = json.getJSONArray("events").getJSONObject(0)
        assertEquals("1970-01-01T00:00:00Z", event.getString("at"))
        assertEquals("inbound", event.getString("direction"))
        assertTrue(!event.has("state"))
    }

    @Test
    fun `what has arrived is dropped, whatever became of it`() {
        val events = listOf(waiting(1, "a"), waiting(2, "b"), waiting(3, "b"), waiting(4, "c"))
        val text = answer("a" to "RECORDED", "b" to "DUPLICATE", "b" to "REJECTED", "c" to "UNKNOWN")
        assertEquals(Outcome.Answered(listOf(1, 2, 3, 4), rejected = 1), outcome(events, 200, text, null))
    }

    @Test
    fun `what has no result of its own stays`() {
        val events = listOf(waiting(1, "a"), waiting(2, "b"), waiting(3, "c"))
        val text = answer("a" to "RECORDED", "x" to "RECORDED")
        assertEquals(Outcome.Answered(listOf(1), rejected = 0), outcome(events, 200, text, null))
        assertTrue(outcome(events, 200, answer("a" to "LATER"), null) is Outcome.Later)
    }

    @Test
    fun `everything stays where there is no answer of rapport's`() {
        val events = listOf(waiting(1, "a"))
        for (text in listOf("", "[]", "{}", "<html>", """{"results":{}}""", answer())) {
            assertTrue(text, outcome(events, 200, text, null) is Outcome.Later)
        }
        for (status in listOf(302, 400, 401, 404, 413, 429, 500, 503)) {
            assertTrue(outcome(events, status, answer("a" to "RECORDED"), null) is Outcome.Later)
        }
        assertEquals(7L, (outcome(events, 503, "", "7") as Outcome.Later).seconds)
        assertEquals(0L, (outcome(events, 503, "", "soon") as Outcome.Later).seconds)
    }

    @Test
    fun `a request has 500 events at most, and half a million characters`() {
        assertEquals(MOST_EVENTS, firstBatch(generateSequence(1L) { it + 1 }.map { waiting(it, "$it") }).size)
        val long = Waiting(1, "x".repeat(MOST_CHARACTERS + 1))
        assertEquals(1, firstBatch(sequenceOf(long, long)).size)
        assertEquals(0, firstBatch(emptySequence()).size)
    }
}
