using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Telemetry.LineProtocol;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>A line of a write that was not stored.</summary>
/// <param name="Line">Line of the body, from 1.</param>
/// <param name="Column">Byte in that line, from 1; null where the line as a whole is meant.</param>
/// <param name="Reason">What is wrong and how to mend it.</param>
public sealed record RefusedLine(int Line, int? Column, string Reason);

/// <summary>What the body of a write holds: points to store, and lines to refuse.</summary>
internal sealed class WriteBatch
{
    public List<LineWindow> Windows { get; } = [];

    public List<HealthPoint> Health { get; } = [];

    public List<RefusedLine> Refused { get; } = [];

    /// <summary>How many of the refused lines are well-formed but not this gateway's to write.</summary>
    public int Forbidden { get; set; }

    public int Stored => Windows.Count + Health.Count;
}

/// <summary>
/// Reads a body of line protocol as the points that this system writes (docs/measurements.md). Anything else is refused with its line, and stops nothing.
/// </summary>
internal sealed class PointReader(Topology topology, TimeProvider clock)
{
    /// <summary>How long 1-minute windows and health points are kept.</summary>
    public static readonly TimeSpan MinuteRetention = TimeSpan.FromDays(90);

    private readonly WindowReader windows = new(topology);
    private readonly HealthReader health = new(topology);
    private readonly AssetPoints assets = new(topology);

    /// <param name="gateway">Whose token the writer showed.</param>
    public WriteBatch Read(ReadOnlySpan<byte> body, TimePrecision precision, string gateway)
    {
        var now = clock.GetUtcNow();
        var batch = new WriteBatch();
        var reader = new LineReader(body);
        while (reader.Read())
        {
            if (reader.Problem is { } problem)
                batch.Refused.Add(new(problem.Line, problem.Column, problem.What));
            else
                try
                {
                    Take(reader.Point, precision, gateway, now, batch);
                }
                catch (PointRefusedException e)
                {
                    batch.Refused.Add(new(reader.LineNumber, null, e.Message));
                    batch.Forbidden += e.Forbidden ? 1 : 0;
                }
        }
        return batch;
    }

    private void Take(in LinePoint point, TimePrecision precision, string gateway, DateTimeOffset now, WriteBatch batch)
    {
        if (point.Timestamp is { } time && !precision.InRange(time))
            throw new PointRefusedException($"the time {time} {precision.Name()} lies outside of the years 1677 to 2262: check the precision of the write");
        var oldest = (now - MinuteRetention).ToUnixTimeSeconds();
        if (ResolutionOf(point.RawMeasurement) is { } resolution)
        {
            var window = windows.Read(point, resolution, precision, gateway);
            if (resolution == Resolution.Minute && window.Start < oldest)
                throw Expired();
            batch.Windows.Add(window);
            return;
        }
        var measurement = point.Measurement;
        var isAsset = AssetPoints.Has(measurement);
        if (!isAsset && measurement is not ("device_health" or "gateway_health" or "environment" or "completeness_15m"))
            throw new PointRefusedException(
                $"this store does not keep the measurement {measurement}: it keeps footfall_1m, footfall_15m, footfall_1h, device_health, gateway_health, environment, completeness_15m, locker, kiosk and cart_pose");
        var read = isAsset ? assets.Read(point, measurement, precision, gateway, now) : health.Read(point, measurement, precision, gateway, now);
        if (read.TimeNanoseconds / 1_000_000_000 < oldest)
            throw Expired();
        batch.Health.Add(read);
    }

    private static PointRefusedException Expired() =>
        new($"points beyond retention policy: 1-minute windows and health are kept {MinuteRetention.TotalDays} days; check the timestamp and the precision of the write");

    private static Resolution? ResolutionOf(ReadOnlySpan<byte> measurement) =>
        measurement.SequenceEqual("footfall_1m"u8) ? Resolution.Minute
        : measurement.SequenceEqual("footfall_15m"u8) ? Resolution.QuarterHour
        : measurement.SequenceEqual("footfall_1h"u8) ? Resolution.Hour
        : null;
}

/// <summary>A well-formed line that this store does not take.</summary>
internal sealed class PointRefusedException(string message, bool forbidden = false) : Exception(message)
{
    /// <summary>The line is sound, but belongs to another gateway.</summary>
    public bool Forbidden { get; } = forbidden;
}
