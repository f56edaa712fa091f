using System.Buffers.Text;
using System.Text;

namespace SmartDistrict.Edge.Devices;

/// <summary>How a device writes a time.</summary>
internal sealed class TimeFormat
{
    private const long EndOfYear9999 = 253_402_300_799_999;

    /// <summary>How far a device's clock may be ahead of the gateway's without being taken for the hour before, ms.</summary>
    private const long ClockAhead = 120_000;

    private readonly Sort sort;
    private readonly byte[] pattern;

    private TimeFormat(Sort sort, string name, long resolution, byte[] pattern)
    {
        this.sort = sort;
        this.pattern = pattern;
        Name = name;
        Resolution = resolution;
    }

    private enum Sort
    {
        UnixMilliseconds,
        UnixSeconds,
        Iso8601,
        Pattern,
        Received,
    }

    public string Name { get; }

    /// <summary>The step of the device's clock, ms: two events closer than this may carry the same time.</summary>
    public long Resolution { get; }

    /// <summary>The device sends no time: the gateway's receive time stands in.</summary>
    public bool IsReceived => sort == Sort.Received;

    /// <summary>The form is a text; the other forms are numbers.</summary>
    public bool TakesText => sort is Sort.Iso8601 or Sort.Pattern;

    /// <summary>Reads a format's name or pattern; null where it is neither.</summary>
    public static TimeFormat? Parse(string name)
    {
        switch (name)
        {
            case "unix-ms": return new TimeFormat(Sort.UnixMilliseconds, name, 1, []);
            case "unix-s": return new TimeFormat(Sort.UnixSeconds, name, 1000, []);
            case "iso-8601": return new TimeFormat(Sort.Iso8601, name, 1, []);
            case "received": return new TimeFormat(Sort.Received, name, 1, []);
        }
        if (!name.All(c => c is >= ' ' and <= '~') || !(name.Contains("yyyy", StringComparison.Ordinal) && name.Contains("MM", StringComparison.Ordinal)
            && name.Contains("dd", StringComparison.Ordinal) && name.Contains("HH", StringComparison.Ordinal) && name.Contains("mm", StringComparison.Ordinal)))
            return null;
        var resolution = name.Contains("fff", StringComparison.Ordinal) ? 1 : name.Contains("ss", StringComparison.Ordinal) ? 1000 : 60_000;
        return new TimeFormat(Sort.Pattern, name, resolution, Encoding.ASCII.GetBytes(name));
    }

    /// <summary>Reads a time.</summary>
    /// <param name="isNumber">The value is a JSON number, not a text.</param>
    /// <param name="zone">Zone of times that state none.</param>
    /// <param name="receivedAt">When it was received, ms since the Unix epoch: tells which of two hours of one name is meant.</param>
    /// <param name="unixMs">ms since the Unix epoch, UTC.</param>
    public bool TryRead(ReadOnlySpan<byte> text, bool isNumber, TimeZoneInfo zone, long receivedAt, out long unixMs)
    {
        unixMs = 0;
        return sort switch
        {
            Sort.UnixMilliseconds => NumberText.TryWhole(text, out unixMs) && unixMs is >= 0 and <= EndOfYear9999,
            Sort.UnixSeconds => TrySeconds(text, out unixMs),
            Sort.Iso8601 => !isNumber && TryIso(text, zone, receivedAt, out unixMs),
            // a time such as 20170503112756 may come as a number too
            Sort.Pattern => TryPattern(text, zone, receivedAt, out unixMs),
            _ => false,
        };
    }

    private static bool TrySeconds(ReadOnlySpan<byte> text, out long unixMs)
    {
        unixMs = 0;
        if (!Utf8Parser.TryParse(text, out decimal seconds, out var used) || used != text.Length
            || seconds < 0 || seconds > EndOfYear9999 / 1000)
            return false;
        unixMs = (long)(seconds * 1000);
        return true;
    }

    private bool TryPattern(ReadOnlySpan<byte> text, TimeZoneInfo zone, long receivedAt, out long unixMs)
    {
        unixMs = 0;
        int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
        if (text.Length != pattern.Length)
            return false;
        for (var i = 0; i < pattern.Length; i++)
        {
            ref var part = ref year;
            switch (pattern[i])
            {
                case (byte)'y': break;
                case (byte)'M': part = ref month; break;
                case (byte)'d': part = ref day; break;
                case (byte)'H': part = ref hour; break;
                case (byte)'m': part = ref minute; break;
                case (byte)'s': part = ref second; break;
                case (byte)'f': part = ref millisecond; break;
                default:
                    if (text[i] != pattern[i])
                        return false;
                    continue;
            }
            if (text[i] is < (byte)'0' or > (byte)'9')
                return false;
            part = part * 10 + (text[i] - '0');
        }
        return TryLocal(year, month, day, hour, minute, second, millisecond, zone, receivedAt, out unixMs);
    }

    /// <summary>ISO 8601 calendar date and time (RFC 3339, also without seconds, offset or the offset's colon).</summary>
    private static bool TryIso(ReadOnlySpan<byte> text, TimeZoneInfo zone, long receivedAt, out long unixMs)
    {
        unixMs = 0;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':'
            || !Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute))
            return false;
        var rest = text[16..];
        int second = 0, millisecond = 0;
        if (rest.Length >= 3 && rest[0] == ':')
        {
            if (!Digits(rest[1..3], out second))
                return false;
            rest = rest[3..];
            if (rest.Length > 1 && rest[0] is (byte)'.' or (byte)',')
            {
                var digits = 1;
                while (digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9')
                    digits++;
                if (digits == 1)
                    return false;
                for (var i = 1; i <= 3; i++)
                    millisecond = millisecond * 10 + (i < digits ? rest[i] - '0' : 0);
                rest = rest[digits..];
            }
        }
        if (rest.IsEmpty)
            return TryLocal(year, month, day, hour, minute, second, millisecond, zone, receivedAt, out unixMs);
        if (!TryOffset(rest, out var offsetMinutes) || !TryUtc(year, month, day, hour, minute, second, millisecond, out unixMs))
            return false;
        unixMs -= offsetMinutes * 60_000L;
        return unixMs is >= 0 and <= EndOfYear9999;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z')
            return text.Length == 1;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || !Digits(text[1..3], out var hours) || hours > 23)
            return false;
        var ofHour = 0;
        if (text.Length > 3 && (!Digits(text[^2..], out ofHour) || ofHour > 59 || (text.Length == 6 && text[3] != ':')))
            return false;
        minutes = (hours * 60 + ofHour) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>
    /// A local time without zone is UTC by the zone's rules. When clocks go back an hour happens twice and the device
    /// does not say which it means: the later one that is not after the receipt is taken, so that both come right where a
    /// device reports within the hour, and a replay gives the same windows. When clocks go forward an hour does not happen:
    /// a device that shows it has not moved its clock yet, so the old offset holds.
    /// </summary>
    private static bool TryLocal(int year, int month, int day, int hour, int minute, int second, int millisecond, TimeZoneInfo zone, long receivedAt, out long unixMs)
    {
        if (!TryUtc(year, month, day, hour, minute, second, millisecond, out unixMs))
            return false;
        var local = DateTime.UnixEpoch.AddMilliseconds(unixMs);
        var unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        TimeSpan offset;
        if (zone.IsAmbiguousTime(unspecified))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(unspecified);
            offset = unixMs - (long)offsets.Min().TotalMilliseconds <= receivedAt + ClockAhead ? offsets.Min() : offsets.Max();
        }
        else if (zone.IsInvalidTime(unspecified))
            offset = zone.GetUtcOffset(DateTime.SpecifyKind(unspecified.AddHours(-3), DateTimeKind.Unspecified));
        else
            offset = zone.GetUtcOffset(unspecified);
        unixMs -= (long)offset.TotalMilliseconds;
        return unixMs is >= 0 and <= EndOfYear9999;
    }

    private static bool TryUtc(int year, int month, int day, int hour, int minute, int second, int millisecond, out long unixMs)
    {
        unixMs = 0;
        // a leap second counts as the last of its minute
        second = second == 60 ? 59 : second;
        if (year is < 1970 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return false;
        unixMs = (new DateTime(year, month, day, hour, minute, second, millisecond, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }
}
