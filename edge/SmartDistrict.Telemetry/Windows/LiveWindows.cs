using System.Text.Json;

namespace SmartDistrict.Telemetry.Windows;

/// <summary>When a device was last heard, as its gateway states it.</summary>
/// <param name="Device">Site id.</param>
/// <param name="LastSeen">Receive time of its last reading, ms since the Unix epoch.</param>
public readonly record struct DeviceSighting(string Device, long LastSeen);

/// <summary>
/// What a gateway sends up its live path at most every 250 ms: the windows that changed, absolute, never stored.
/// Losing one message costs nothing but freshness; of one window the highest revision wins.
/// </summary>
/// <param name="At">When the gateway sent it, ms since the Unix epoch.</param>
/// <param name="NewestReading">Receive time of the newest reading contained, ms since the Unix epoch; 0 where there is none.</param>
public sealed record LiveWindows(
    long At, string Gateway, long NewestReading, IReadOnlyList<LineWindow> Windows, IReadOnlyList<DeviceSighting> Devices)
{
    /// <summary>Writes the message as JSON in UTF-8.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("at"u8, At);
        json.WriteString("gateway"u8, Gateway);
        json.WriteNumber("newest_reading"u8, NewestReading);
        json.WriteStartArray("windows"u8);
        foreach (var window in Windows)
            Write(json, window);
        json.WriteEndArray();
        json.WriteStartArray("devices"u8);
        foreach (var device in Devices)
        {
            json.WriteStartObject();
            json.WriteString("device"u8, device.Device);
            json.WriteNumber("last_seen"u8, device.LastSeen);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="FormatException">The payload is not a live message; the text says where.</exception>
    public static LiveWindows Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            return new(
                root.GetProperty("at"u8).GetInt64(),
                root.GetProperty("gateway"u8).GetString() ?? "",
                root.GetProperty("newest_reading"u8).GetInt64(),
                [.. root.GetProperty("windows"u8).EnumerateArray().Select(ReadWindow)],
                [.. root.GetProperty("devices"u8).EnumerateArray().Select(device => new DeviceSighting(
                    device.GetProperty("device"u8).GetString() ?? "", device.GetProperty("last_seen"u8).GetInt64()))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("not a live message: " + e.Message, e);
        }
    }

    private static void Write(Utf8JsonWriter json, in LineWindow window)
    {
        json.WriteStartObject();
        json.WriteString("line"u8, window.Line);
        json.WriteString("resolution"u8, window.Resolution.Name());
        json.WriteNumber("start"u8, window.Start);
        json.WriteNumber("entries"u8, window.Counts.Entries);
        json.WriteNumber("exits"u8, window.Counts.Exits);
        json.WriteNumber("ambiguous"u8, window.Counts.Ambiguous);
        json.WriteNumber("unplaced_entries"u8, window.Counts.UnplacedEntries);
        json.WriteNumber("unplaced_exits"u8, window.Counts.UnplacedExits);
        if (window.Counts.Expected is { } expected)
            json.WriteNumber("expected"u8, expected);
        json.WriteNumber("received"u8, window.Counts.Received);
        json.WriteString("status"u8, window.Status.Name());
        json.WriteNumber("generation"u8, window.Revision.Generation);
        json.WriteNumber("revision"u8, window.Revision.Counter);
        json.WriteEndObject();
    }

    private static LineWindow ReadWindow(JsonElement window)
    {
        if (!Resolutions.TryParse(window.GetProperty("resolution"u8).GetString(), out var resolution))
            throw new JsonException($"unknown resolution {window.GetProperty("resolution"u8)}");
        if (!WindowStatuses.TryParse(window.GetProperty("status"u8).GetString(), out var status))
            throw new JsonException($"unknown status {window.GetProperty("status"u8)}");
        return new(
            window.GetProperty("line"u8).GetString() ?? "",
            resolution,
            window.GetProperty("start"u8).GetInt64(),
            new LineCounts
            {
                Entries = window.GetProperty("entries"u8).GetInt64(),
                Exits = window.GetProperty("exits"u8).GetInt64(),
                Ambiguous = window.GetProperty("ambiguous"u8).GetInt64(),
                UnplacedEntries = window.GetProperty("unplaced_entries"u8).GetInt64(),
                UnplacedExits = window.GetProperty("unplaced_exits"u8).GetInt64(),
                Expected = window.TryGetProperty("expected"u8, out var expected) ? expected.GetInt64() : null,
                Received = window.GetProperty("received"u8).GetInt64(),
            },
            status,
            new Revision(window.GetProperty("generation"u8).GetInt64(), window.GetProperty("revision"u8).GetInt64()));
    }
}
