using System.Buffers;
using System.Text;
using System.Text.Json;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>
/// Reads a point of <c>device_health</c> (tags district, gateway, device), <c>gateway_health</c> (tags district, gateway),
/// <c>environment</c> or <c>completeness_15m</c> (tags district, device). Its fields are kept as they come.
/// </summary>
internal sealed class HealthReader(Topology topology)
{
    private readonly Dictionary<string, string> gatewayOf = topology.District.Devices.ToDictionary(device => device.Id, device => device.Gateway);

    public HealthPoint Read(in LinePoint point, string measurement, TimePrecision precision, string gateway, DateTimeOffset now)
    {
        if (Tag(point, "district") != topology.District.Id)
            throw new PointRefusedException($"the tag district is not {topology.District.Id}, which is the district of this service");
        if (measurement is "device_health" or "gateway_health" && Tag(point, "gateway") is var written && written != gateway)
            throw new PointRefusedException($"the tag gateway is {written}, the token belongs to gateway {gateway}: each gateway writes of itself", forbidden: true);
        DeviceSighting? sighting = null;
        if (measurement != "gateway_health")
        {
            var device = Tag(point, "device");
            if (!gatewayOf.TryGetValue(device, out var owner))
                throw new PointRefusedException($"the district's file knows no device {device}: add it there, or mend the gateway's copy of the file");
            if (owner != gateway)
                throw new PointRefusedException($"device {device} belongs to gateway {owner}, the token to gateway {gateway}", forbidden: true);
            if (measurement == "device_health" && point.TryGetField("last_seen"u8, out var seen) && seen.Type == FieldType.Integer)
                sighting = new(device, seen.Integer);
        }
        return new(measurement, Tags(point), Nanoseconds(point, precision, now), Fields(point), sighting);
    }

    /// <summary>The point's time; one without is of now.</summary>
    internal static long Nanoseconds(in LinePoint point, TimePrecision precision, DateTimeOffset now) => point.Timestamp is { } time
        ? time * (1_000_000_000 / precision.PerSecond())
        : now.ToUnixTimeMilliseconds() * 1_000_000;

    internal static string Tag(in LinePoint point, string key) => point.TryGetTag(Encoding.UTF8.GetBytes(key), out var raw)
        ? Encoding.UTF8.GetString(raw)
        : throw new PointRefusedException($"the tag {key} is missing");

    private static string Tags(in LinePoint point)
    {
        var tags = new List<string>();
        foreach (var tag in point.Tags)
            tags.Add($"{Encoding.UTF8.GetString(tag.RawKey)}={Encoding.UTF8.GetString(tag.RawValue)}");
        tags.Sort(string.CompareOrdinal);
        return string.Join(',', tags);
    }

    /// <summary>The point's fields as a JSON object.</summary>
    internal static string Fields(in LinePoint point)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var field in point.Fields)
                Write(json, field.Key, field.Field);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string key, FieldValue value)
    {
        json.WritePropertyName(key);
        switch (value.Type)
        {
            case FieldType.Integer:
                json.WriteNumberValue(value.Integer);
                break;
            case FieldType.Unsigned:
                json.WriteNumberValue(value.Unsigned);
                break;
            case FieldType.Float:
                json.WriteNumberValue(value.Float);
                break;
            case FieldType.Boolean:
                json.WriteBooleanValue(value.Boolean);
                break;
            default:
                json.WriteStringValue(value.Text);
                break;
        }
    }
}
