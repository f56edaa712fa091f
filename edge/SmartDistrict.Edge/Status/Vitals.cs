using System.Text.Json;
using System.Text.Json.Serialization;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Edge.Status;

/// <summary>
/// How the gateway itself stood at one moment. It goes the way of all data: told to the journal once a minute, with a record that says
/// that time has passed, and folded into <c>gateway_health</c>; so the fold asks neither the clock nor the machine.
/// </summary>
/// <param name="Uptime">s since the process started.</param>
/// <param name="Cpu">Processor time over the last two minutes, % of one core.</param>
/// <param name="Resident">Resident set, bytes.</param>
/// <param name="DiskFree">Bytes.</param>
/// <param name="DiskWritten">Bytes since the process started.</param>
/// <param name="Temperature">°C.</param>
/// <param name="Throttled">Why the processor is slowed down; empty where it is not.</param>
/// <param name="Backlog">Points that waited for the store.</param>
/// <param name="Runway">s until something must be dropped while the store is away.</param>
/// <param name="Clock">State of the gateway's clock.</param>
/// <param name="Troubled">Devices that are not ok.</param>
/// <param name="Firmware">Version of its software; null in a journal from before it was noted.</param>
internal sealed record Vitals(
    long Uptime, double? Cpu, long Resident, long? DiskFree, long? DiskWritten, double? Temperature, string? Throttled,
    long Backlog, long? Runway, string Clock, long Troubled, string? Firmware = null)
{
    /// <summary>Version of the software that runs here.</summary>
    public static string? Software { get; } = typeof(Vitals).Assembly.GetName().Version?.ToString(3);

    /// <summary>Topic of the journal records that hold it.</summary>
    public static ReadOnlySpan<byte> Topic => "gateway/vitals"u8;

    public static Vitals Of(GatewayStatus status) => new(
        status.UptimeSeconds, status.CpuPercent, status.Machine.ResidentBytes, status.Machine.DiskFreeBytes, status.Machine.DiskWrittenBytes,
        status.Machine.TemperatureCelsius, status.Machine.Throttling, status.Backlog, status.Runway.Seconds, status.Clock,
        status.Devices.Count(device => device.State != DeviceStatus.Ok), Software);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, VitalsJson.Default.Vitals);

    /// <summary>As written by <see cref="ToBytes"/>; null for anything else.</summary>
    public static Vitals? FromBytes(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, VitalsJson.Default.Vitals);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Adds the fields that are known.</summary>
    public void Write(LineWriter to)
    {
        to.Field("uptime", Uptime).Field("resident", Resident).Field("backlog", Backlog).Field("clock", Clock).Field("devices_troubled", Troubled);
        foreach (var (name, value) in (ReadOnlySpan<(string, long?)>)[("disk_free", DiskFree), ("disk_written", DiskWritten), ("runway", Runway)])
            if (value is { } known)
                to.Field(name, known);
        foreach (var (name, value) in (ReadOnlySpan<(string, double?)>)[("cpu", Cpu), ("temperature", Temperature)])
            if (value is { } known)
                to.Field(name, Math.Round(known, 1));
        if (Throttled is not null)
            to.Field("throttled", Throttled);
        if (Firmware is not null)
            to.Field("firmware", Firmware);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Vitals))]
internal sealed partial class VitalsJson : JsonSerializerContext;
