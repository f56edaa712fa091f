using System.Buffers.Text;
using System.Globalization;
using System.Text;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Testing.Chaos;

/// <summary>
/// All readings that the devices of one gateway said, and which of them the witness saw acknowledged. Most devices tell
/// of the past days, minute by minute, in any order of the devices; the first one tells of now, so that windows are open.
/// </summary>
public sealed class ReadingLedger
{
    private const long Minute = 60_000;
    private const string NumberField = "{\"n\":";
    private static readonly byte[] NumberFieldBytes = Encoding.UTF8.GetBytes(NumberField);

    private readonly Lock gate = new();
    private readonly string district;
    private readonly long begin;
    private readonly long[] next;
    private readonly List<NumberedReading> readings = [];
    private (long Minute, int Used) current;
    private int newestAcknowledged = -1;
    private int acknowledged;

    /// <param name="district">District id, for the topics.</param>
    /// <param name="gateway">Gateway id, with which the devices' ids begin.</param>
    /// <param name="devices">How many devices it has.</param>
    /// <param name="begin">Event time of the first readings that tell of the past, ms since the Unix epoch.</param>
    public ReadingLedger(string district, string gateway, int devices, long begin)
    {
        this.district = district;
        this.begin = begin / Minute * Minute;
        next = new long[devices];
        Devices = [.. Enumerable.Range(0, devices).Select(device => string.Create(CultureInfo.InvariantCulture, $"{gateway}-{device}"))];
    }

    public IReadOnlyList<string> Devices { get; }

    /// <summary>The line that a device counts on.</summary>
    public static string Line(string device) => $"ln-{device}";

    /// <summary>Readings in the order of publication.</summary>
    public IReadOnlyList<NumberedReading> Readings
    {
        get
        {
            lock (gate)
                return [.. readings];
        }
    }

    public int Published
    {
        get
        {
            lock (gate)
                return readings.Count;
        }
    }

    public int Acknowledged
    {
        get
        {
            lock (gate)
                return acknowledged;
        }
    }

    /// <summary>Readings published behind the newest one that was acknowledged: the broker keeps their order.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return readings.Count - 1 - newestAcknowledged;
        }
    }

    /// <summary>Makes the next reading.</summary>
    /// <param name="random">Chooses its device.</param>
    /// <param name="now">ms since the Unix epoch.</param>
    public (NumberedReading Reading, MqttMessage Message) Next(Random random, long now)
    {
        lock (gate)
        {
            var device = random.Next(next.Length);
            if (device == 0 && !RoomNow(now))
                device = random.Next(1, next.Length);
            var sequence = next[device]++;
            var bit = device == 0 ? current.Used++ : (int)(sequence % NumberedReading.PerWindow);
            var at = device == 0 ? now : begin + (sequence / NumberedReading.PerWindow * Minute) + (bit * 5000);
            var reading = new NumberedReading(readings.Count, Devices[device], sequence, at, bit);
            readings.Add(reading);
            var payload = string.Create(CultureInfo.InvariantCulture,
                $"{NumberField}{reading.Number},\"ts\":{at},\"boot\":\"chaos\",\"seq\":{sequence},\"entries\":1,\"exits\":{1 << bit}}}");
            return (reading, new MqttMessage(Topics.Reading(district, "counter", reading.Device), Encoding.UTF8.GetBytes(payload)));
        }
    }

    /// <summary>The reading that a message of a device is; null for a message that is none of ours.</summary>
    public NumberedReading? Find(ReadOnlySpan<byte> payload)
    {
        if (!payload.StartsWith(NumberFieldBytes) || !Utf8Parser.TryParse(payload[NumberFieldBytes.Length..], out int number, out _))
            return null;
        lock (gate)
            return number >= 0 && number < readings.Count ? readings[number] : null;
    }

    /// <summary>The witness saw the gateway acknowledge a reading.</summary>
    public void Acknowledge(NumberedReading reading, int life)
    {
        lock (gate)
        {
            newestAcknowledged = Math.Max(newestAcknowledged, reading.Number);
            if (reading.Acknowledged)
                return;
            reading.Acknowledged = true;
            reading.Life = life;
            acknowledged++;
        }
    }

    /// <summary>Whether the running minute has a bit left.</summary>
    private bool RoomNow(long now)
    {
        if (current.Minute != now / Minute)
            current = (now / Minute, 0);
        return current.Used < NumberedReading.PerWindow;
    }
}
