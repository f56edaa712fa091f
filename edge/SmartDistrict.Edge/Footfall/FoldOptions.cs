using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Edge.Footfall;

/// <summary>Times of the fold. The defaults suit every site known; the horizon costs disk.</summary>
public sealed class FoldOptions
{
    /// <summary>How long after its end, by receive time, a window is published, s. What comes later revises it.</summary>
    [Range(0, 600)]
    public int GraceSeconds { get; set; } = 5;

    /// <summary>How old a reading may be and still revise its window, days.</summary>
    [Range(1, 90)]
    public int LateHorizonDays { get; set; } = 7;

    /// <summary>How far ahead of the gateway's a device's clock may be before the reading is booked at its receipt instead, s.</summary>
    [Range(1, 3600)]
    public int ClockAheadSeconds { get; set; } = 30;

    /// <summary>Longest time between two checkpoints, s: what a crash has to replay, against what an SD card has to write.</summary>
    [Range(1, 600)]
    public int CheckpointSeconds { get; set; } = 30;
}
