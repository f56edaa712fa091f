using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Devices;

/// <summary>Whether a device is heard.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceState>))]
public enum DeviceState
{
    /// <summary>Heard lately.</summary>
    [JsonStringEnumMemberName("live")]
    Live,

    /// <summary>Not heard for longer than it should take.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,

    /// <summary>Never heard.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>A sensor.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Gateway">The gateway that reads it.</param>
/// <param name="Profile">Its device profile.</param>
/// <param name="Lines">The counting lines that it watches.</param>
/// <param name="LastSeen">Receive time of its last reading, ms since the Unix epoch; null where it was never heard.</param>
/// <param name="SilentSeconds">Seconds since then.</param>
/// <param name="State">Whether it is heard.</param>
public sealed record DeviceInfo(
    string Id, string Gateway, string Profile, IReadOnlyList<string> Lines, long? LastSeen, long? SilentSeconds, DeviceState State);

internal static class DevicesApi
{
    public static void MapDevices(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/devices", ListAsync).WithName("getDevices").WithTags("Devices")
            .WithSummary("The sensors and when each was last heard")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Ok<List<DeviceInfo>>> ListAsync(
        District district, IFootfallStore store, LiveFeed live, IOptions<CloudOptions> options, TimeProvider clock, CancellationToken cancellation)
    {
        var seen = live.Sightings();
        foreach (var stored in await store.ReadSightingsAsync(cancellation))
            seen[stored.Device] = Math.Max(stored.LastSeen, seen.GetValueOrDefault(stored.Device));
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return TypedResults.Ok(district.Devices.Select(device => Answer(device, seen, now, options.Value.SilentAfter)).ToList());
    }

    private static DeviceInfo Answer(DeviceEntry device, Dictionary<string, long> seen, long now, TimeSpan limit)
    {
        string[] lines = [.. device.Lines.Values];
        if (!seen.TryGetValue(device.Id, out var last))
            return new(device.Id, device.Gateway, device.Profile, lines, null, null, DeviceState.Unknown);
        var silent = TimeSpan.FromMilliseconds(Math.Max(0, now - last));
        return new(device.Id, device.Gateway, device.Profile, lines, last, (long)silent.TotalSeconds, silent > limit ? DeviceState.Silent : DeviceState.Live);
    }
}
