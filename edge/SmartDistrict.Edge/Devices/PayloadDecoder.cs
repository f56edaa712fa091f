using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SmartDistrict.Telemetry.Readings;

namespace SmartDistrict.Edge.Devices;

/// <summary>
/// Turns a device's messages into readings by its profile's rules: one pass over the payload collects every value that
/// the profile names, then each rule reads its rows. A message is understood whole or refused whole, except for
/// channels that no line is bound to and what is wrong with the device's own health.
/// </summary>
internal sealed class PayloadDecoder(
    string device, DeviceProfile profile, string district, BoundChannel[] channels, TimeZoneInfo zone, TimeSpan? period)
{
    private static readonly byte[] OnlyChannel = "1"u8.ToArray();
    private readonly ReadingRule[] rules = [.. profile.Rules];
    private readonly byte[] districtUtf8 = Encoding.UTF8.GetBytes(district);
    private readonly long periodMs = (long)(period?.TotalMilliseconds ?? 0);
    private readonly long maxTotal = profile.Counter is { } counter ? (1L << counter.Bits) - 1 : 0;

    private enum Presence
    {
        Absent,
        Present,
        Wrong,
    }

    public bool Decode(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, long receivedAt, DecodedPayload into)
    {
        into.Clear();
        var json = payload.StartsWith("\uFEFF"u8) ? payload[3..] : payload;
        if (Envelope(payload.Length, json, into) && Scan(json, into) && Sequence(json, into))
        {
            HealthDecoder.Decode(profile, json, into);
            if (Rows(topic, json, receivedAt, into))
                return true;
        }
        into.Readings.Clear();
        into.ForgetHealth();
        return false;
    }

    private bool Envelope(int length, ReadOnlySpan<byte> json, DecodedPayload into)
    {
        if (length > profile.MaxPayloadBytes)
            return Refuse(into, $"the payload has {length} bytes, more than the {profile.MaxPayloadBytes} that profile '{profile.Name}' allows",
                "check what the device sends; if it is right, raise 'limits: payload_bytes' in the profile");
        if (json.IsEmpty)
            return Refuse(into, "the payload is empty", "check that the device publishes JSON here, and clear a retained message that was emptied");
        return Utf8.IsValid(json) || Refuse(into, $"the payload is not UTF-8 (from byte {PayloadText.FirstInvalid(json)})", "set the device to publish JSON in UTF-8");
    }

    private bool Scan(ReadOnlySpan<byte> json, DecodedPayload into)
    {
        try
        {
            into.Scan.Read(json, profile.Shape.Root);
            return true;
        }
        catch (JsonException e)
        {
            var at = PayloadText.Offset(json, e);
            return Refuse(into, $"the payload is not valid JSON (at byte {at}: {PayloadText.Around(json, at)})",
                json.Contains((byte)0) ? "set the device to publish UTF-8; this looks like UTF-16 or binary" : "check the device's payload template or firmware");
        }
    }

    private bool Sequence(ReadOnlySpan<byte> json, DecodedPayload into)
    {
        if (profile.Sequence is not { } field)
            return true;
        switch (Whole(json, 0, field, long.MaxValue, into, out var sequence))
        {
            case Presence.Wrong: return false;
            case Presence.Absent when profile.SequenceUse == SequenceUse.Deduplicate: return Absent(into, field.Pointer);
            case Presence.Present: into.Sequence = sequence; break;
        }
        if (profile.Boot is not { } boot)
            return true;
        if (!into.Scan.TryFind(json, 0, boot, out var value))
            return profile.SequenceUse != SequenceUse.Deduplicate || Absent(into, boot.Pointer);
        if (value.Type is not (JsonTokenType.String or JsonTokenType.Number))
            return Wrong(into, json, boot.Pointer, value, "text");
        into.Boot = PayloadText.Hash(json.Slice(value.Start, value.Length));
        return true;
    }

    private bool Rows(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> json, long receivedAt, DecodedPayload into)
    {
        var matched = false;
        foreach (var rule in rules)
        {
            if (rule.Array < 0)
            {
                if (!Row(rule, 0, topic, json, receivedAt, into, ref matched))
                    return false;
                continue;
            }
            for (var frame = 1; frame < into.Scan.FrameCount; frame++)
                if (into.Scan.ArrayOf(frame) == rule.Array && !Row(rule, frame, topic, json, receivedAt, into, ref matched))
                    return false;
        }
        if (into.Readings.Count > 0)
            return true;
        if (into.Problem is not null)
            return false;
        return matched || into.Scan.MetArray || into.TellsHealth || Refuse(into, $"the payload holds nothing that profile '{profile.Name}' reads ({Sought()})",
            "check that the device has the right profile, and compare its payload with the profile's pointers");
    }

    /// <summary>Reads one row. False: the whole message is refused.</summary>
    private bool Row(
        ReadingRule rule, int frame, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> json, long receivedAt, DecodedPayload into, ref bool matched)
    {
        Presence entriesIs = Presence.Absent, exitsIs = Presence.Absent;
        long entries = 0, exits = 0, ambiguous = 0;
        var kind = ReadingKind.Counter;
        if (rule.TotalEntries is { } totalIn && (entriesIs = Whole(json, frame, totalIn, maxTotal, into, out entries)) == Presence.Wrong)
            return false;
        if (rule.TotalExits is { } totalOut && (exitsIs = Whole(json, frame, totalOut, maxTotal, into, out exits)) == Presence.Wrong)
            return false;
        if (entriesIs == Presence.Absent && exitsIs == Presence.Absent)
        {
            kind = ReadingKind.Increment;
            if (rule.Entries is { } countIn && (entriesIs = Whole(json, frame, countIn, profile.MaxPerReading, into, out entries)) == Presence.Wrong)
                return false;
            if (rule.Exits is { } countOut && (exitsIs = Whole(json, frame, countOut, profile.MaxPerReading, into, out exits)) == Presence.Wrong)
                return false;
            if (entriesIs == Presence.Absent && exitsIs == Presence.Absent)
            {
                if (!rule.Heartbeat)
                    return true;
                kind = ReadingKind.Heartbeat;
            }
        }
        else
        {
            entries = entriesIs == Presence.Present ? entries : Reading.NotReported;
            exits = exitsIs == Presence.Present ? exits : Reading.NotReported;
        }
        matched = true;
        if (kind is not ReadingKind.Counter && rule.Ambiguous is { } doubted
            && Whole(json, frame, doubted, profile.MaxPerReading, into, out ambiguous) == Presence.Wrong)
            return false;
        if (!Time(rule, frame, json, receivedAt, into, out var at) || !Span(rule, frame, json, at, into, ref kind, out var since))
            return false;
        if (Bound(rule, frame, topic, json, into) is not { } channel)
            return true;
        if (channel.Swap)
            (entries, exits) = (exits, entries);
        into.Readings.Add(new Reading(channel.Line, kind, at, since, entries, exits, ambiguous));
        return true;
    }

    private bool Time(ReadingRule rule, int frame, ReadOnlySpan<byte> json, long receivedAt, DecodedPayload into, out long at)
    {
        at = receivedAt;
        return rule.At is not { } field
            || Instant(json, frame, field, receivedAt, into, out at) switch
            {
                Presence.Present => true,
                Presence.Wrong => false,
                _ when rule.AtMayBeAbsent => (at = receivedAt) == receivedAt,
                _ => Absent(into, field.Pointer),
            };
    }

    private bool Span(ReadingRule rule, int frame, ReadOnlySpan<byte> json, long at, DecodedPayload into, ref ReadingKind kind, out long since)
    {
        since = at;
        if (kind is not ReadingKind.Increment)
            return true;
        if (rule.Since is { } field)
            switch (Instant(json, frame, field, at, into, out since))
            {
                case Presence.Wrong: return false;
                case Presence.Present when since >= at:
                    return Refuse(into, $"{field.Pointer} is not before {rule.At?.Pointer ?? "the time of receipt"} (by {since - at} ms)", "check the device's clock and the profile's pointers");
                case Presence.Present:
                    kind = ReadingKind.Interval;
                    return true;
            }
        since = at - (rule.OverPeriod || rule.IsBackFill ? periodMs : rule.Over);
        if (since < at)
            kind = ReadingKind.Interval;
        return true;
    }

    private Presence Instant(ReadOnlySpan<byte> json, int frame, PayloadField field, long notAfter, DecodedPayload into, out long instant)
    {
        instant = 0;
        if (!into.Scan.TryFind(json, frame, field, out var value))
            return Presence.Absent;
        if (value.Type is JsonTokenType.Number or JsonTokenType.String
            && (value.Type == JsonTokenType.Number || profile.Time.TakesText || profile.NumbersAsText)
            && profile.Time.TryRead(json.Slice(value.Start, value.Length), value.Type == JsonTokenType.Number, zone, notAfter, out instant))
            return Presence.Present;
        Wrong(into, json, field.Pointer, value, $"a time of the form {profile.Time.Name}");
        return Presence.Wrong;
    }

    private Presence Whole(ReadOnlySpan<byte> json, int frame, PayloadField field, long max, DecodedPayload into, out long number)
    {
        number = 0;
        if (!into.Scan.TryFind(json, frame, field, out var value))
            return Presence.Absent;
        if ((value.Type == JsonTokenType.Number || (value.Type == JsonTokenType.String && profile.NumbersAsText))
            && NumberText.TryWhole(json.Slice(value.Start, value.Length), out number) && number >= 0 && number <= max)
            return Presence.Present;
        Wrong(into, json, field.Pointer, value, max == long.MaxValue ? "a whole number from 0" : string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {max}"));
        number = 0;
        return Presence.Wrong;
    }

    private BoundChannel? Bound(ReadingRule rule, int frame, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> json, DecodedPayload into)
    {
        if (rule.FixedChannel is { } name)
        {
            foreach (var channel in channels)
                if (channel.Name == name)
                    return channel;
            // a four-line sensor with two lines in use still reports four
            return null;
        }
        scoped ReadOnlySpan<byte> said = OnlyChannel;
        Span<byte> unescaped = stackalloc byte[256];
        if (rule.ChannelFromTopic)
            profile.Pattern.Match(topic, districtUtf8, out _, out said);
        else if (rule.Channel is { } field && into.Scan.TryFind(json, frame, field, out var value))
            said = value.Escaped ? PayloadText.Unescape(json, value, unescaped) : json.Slice(value.Start, value.Length);
        foreach (var channel in channels)
            if (said.SequenceEqual(channel.Utf8))
                return channel;
        into.Problem ??= new PayloadProblem($"device '{device}' reports the channel '{PayloadText.Shorten(said)}', which no line is bound to",
            $"bind it in the district file (bound are: {string.Join(", ", channels.Select(channel => channel.Name))}), or switch it off in the device");
        return null;
    }

    private string Sought() => string.Join(", ", rules
        .SelectMany(rule => new[] { rule.TotalEntries, rule.TotalExits, rule.Entries, rule.Exits })
        .Append(profile.Health?.Battery).Append(profile.Health?.Firmware).OfType<PayloadField>().Select(field => field.Pointer).Distinct().Take(6));

    private bool Absent(DecodedPayload into, string pointer) =>
        Refuse(into, $"{pointer} is absent", $"set the device to send it, or correct the pointer in profile '{profile.Name}'");

    private bool Wrong(DecodedPayload into, ReadOnlySpan<byte> json, string pointer, in FoundValue value, string expected) =>
        Refuse(into, $"{pointer} is {PayloadText.Show(json, value)}, where {expected} is expected",
            $"check the device, or the pointer, numbers, time and limits in profile '{profile.Name}'");

    private static bool Refuse(DecodedPayload into, string what, string mend)
    {
        into.Problem = new PayloadProblem(what, mend);
        return false;
    }
}
