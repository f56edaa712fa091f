using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Accuracy;

/// <summary>How far one direction of a line agrees with what people counted beside it, before any calibration factor.</summary>
/// <param name="Counts">Spans that are compared.</param>
/// <param name="Manual">People that people counted.</param>
/// <param name="Counted">People that the device counted in the same spans.</param>
/// <param name="Error">(counted − manual) ÷ manual: below 0 where the device misses people; null without any person.</param>
/// <param name="ErrorLow">The error less half of the 95 % Wilson score interval of the share of people miscounted.</param>
/// <param name="ErrorHigh">The error and half of that interval.</param>
/// <param name="AbsoluteError">Σ |counted − manual| ÷ manual, by span: what cancels out in the signed error is in it.</param>
/// <param name="Factor">manual ÷ counted; null where that is no factor that may be set (0.5 to 2).</param>
/// <param name="Enough">At least 200 people in at least 3 spans: fewer prove little.</param>
public sealed record DirectionAccuracy(
    int Counts, long Manual, long Counted, double? Error, double? ErrorLow, double? ErrorHigh, double? AbsoluteError, double? Factor, bool Enough);

/// <summary>Why a manual count is not compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NotCompared>))]
public enum NotCompared
{
    /// <summary>Somebody took it back.</summary>
    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,

    /// <summary>The line stood elsewhere, or joined other zones.</summary>
    [JsonStringEnumMemberName("moved")]
    Moved,

    /// <summary>The device's windows are missing or not complete, or hold people of whom it is not known when they crossed.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,
}

/// <summary>What a person counted beside a line.</summary>
/// <param name="Id">Number of the count.</param>
/// <param name="From">s since the Unix epoch.</param>
/// <param name="To">Exclusive, s since the Unix epoch.</param>
/// <param name="Entries">People who entered; null where they were not counted.</param>
/// <param name="Exits">People who left; null where they were not counted.</param>
/// <param name="CountedEntries">What the device counted of them, before any factor; null without data.</param>
/// <param name="CountedExits">The other direction.</param>
/// <param name="Status">What the device's counts are worth.</param>
/// <param name="NotCompared">Why it is not compared; null where it is.</param>
/// <param name="By">Who entered it.</param>
/// <param name="At">When, ms since the Unix epoch.</param>
/// <param name="Note">A remark.</param>
public sealed record ManualCountInfo(
    long Id, long From, long To, long? Entries, long? Exits, long? CountedEntries, long? CountedExits, Trust Status, NotCompared? NotCompared, string By, long At, string? Note);

/// <summary>What a line's counts are multiplied by in numbers and reports, until a later factor.</summary>
/// <param name="Since">s since the Unix epoch.</param>
/// <param name="Entries">Factor of entries.</param>
/// <param name="Exits">Factor of exits.</param>
/// <param name="By">Who set it in the console; null of one that stands in the district's file.</param>
/// <param name="At">When it was set, ms since the Unix epoch; null likewise.</param>
/// <param name="Note">Why.</param>
public sealed record FactorInfo(long Since, double Entries, double Exits, string? By, long? At, string? Note);

/// <summary>The accuracy record of a line.</summary>
/// <param name="Line">Line id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Entries">Entries, as counted against as counted by people.</param>
/// <param name="Exits">The other direction.</param>
/// <param name="Counts">The newest manual counts, at most 100, newest first: of these the figures are made.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Factors">Calibration factors in the order of their dates, past ones and ones to come.</param>
/// <param name="InForce">The one that holds now; null: counts are told as they are.</param>
/// <param name="NextFrom">The earliest instant from which another may hold: the next quarter hour, s since the Unix epoch.</param>
public sealed record LineAccuracy(
    string Line, LocalizedName Name, DirectionAccuracy Entries, DirectionAccuracy Exits, IReadOnlyList<ManualCountInfo> Counts, int Total,
    IReadOnlyList<FactorInfo> Factors, FactorInfo? InForce, long NextFrom);

/// <summary>Enters what a person counted beside a line.</summary>
public sealed record ManualCountRequest
{
    /// <summary>First instant, on a quarter hour, s since the Unix epoch.</summary>
    [Required(ErrorMessage = "from is missing: send the start of the count, s since the Unix epoch")]
    public long? From { get; init; }

    /// <summary>End, exclusive, on a quarter hour, s since the Unix epoch; at most a day later, not in the future.</summary>
    [Required(ErrorMessage = "to is missing: send the end of the count, s since the Unix epoch")]
    public long? To { get; init; }

    /// <summary>People who entered; null where they were not counted.</summary>
    [Range(0d, 1_000_000d, ErrorMessage = "entries is a number from 0 to 1000000")]
    public long? Entries { get; init; }

    /// <summary>People who left; null where they were not counted.</summary>
    [Range(0d, 1_000_000d, ErrorMessage = "exits is a number from 0 to 1000000")]
    public long? Exits { get; init; }

    /// <summary>A remark.</summary>
    [StringLength(500, ErrorMessage = "note has at most 500 characters")]
    public string? Note { get; init; }
}

/// <summary>Sets a line's calibration factors from an instant on.</summary>
public sealed record FactorRequest
{
    /// <summary>From when on, on a quarter hour that has not begun, s since the Unix epoch; null: from the next one.</summary>
    public long? Since { get; init; }

    /// <summary>Factor of entries; 1, or left out: as counted.</summary>
    [Range(LineFactor.Least, LineFactor.Most, ErrorMessage = "entries is a factor from 0.5 to 2: a device that is farther off is to be mounted anew")]
    public double? Entries { get; init; }

    /// <summary>Factor of exits; 1, or left out: as counted.</summary>
    [Range(LineFactor.Least, LineFactor.Most, ErrorMessage = "exits is a factor from 0.5 to 2: a device that is farther off is to be mounted anew")]
    public double? Exits { get; init; }

    /// <summary>Why.</summary>
    [StringLength(500, ErrorMessage = "note has at most 500 characters")]
    public string? Note { get; init; }
}

/// <summary>A count that was entered.</summary>
/// <param name="Id">Its number.</param>
public sealed record ManualCountMade(long Id);
