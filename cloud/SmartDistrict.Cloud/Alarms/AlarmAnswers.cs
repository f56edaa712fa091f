using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>A page of alarms.</summary>
/// <param name="Alarms">The alarms, in the order asked for.</param>
/// <param name="Total">How many fit in all.</param>
/// <param name="Next">Ask for the next page with after= this; null where this is the last one.</param>
public sealed record AlarmPage(IReadOnlyList<AlarmInfo> Alarms, int Total, long? Next);

/// <summary>An alarm. Times are ms since the Unix epoch.</summary>
/// <param name="Id">Number of the alarm.</param>
/// <param name="Kind">Code of its kind: density, occupancy, store, silent_gateway, silent_device, sensor, battery, clock, backlog, runway or disk.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Severity">How grave it is, or was before it cleared.</param>
/// <param name="Since">When the condition began.</param>
/// <param name="Raised">When it had held for the hold time.</param>
/// <param name="Cleared">When it ended; null while it is open.</param>
/// <param name="Figure">The figure now; of a cleared alarm as it was when its severity changed last. Null of a state, and where it is not known now.</param>
/// <param name="Threshold">The threshold that it reached; null of a state.</param>
/// <param name="Worst">The worst figure so far; null of a state and of a silence.</param>
/// <param name="Unit">Unit of these: people/m2, %, s, points, h or MB; empty of a state.</param>
/// <param name="Detail">What it is exactly, as a stable code: the sensor's fault, the Fruin level (walkways), why the store cannot be read.</param>
/// <param name="Trust">What the figure is worth; null of figures that are not counted.</param>
/// <param name="Acknowledged">Who has seen it; null where nobody has said so.</param>
/// <param name="Assignee">Who sees to it.</param>
/// <param name="Mute">Who has muted it; null where it is not muted.</param>
/// <param name="Cause">The alarm that explains it; null where it stands for itself.</param>
/// <param name="Consequences">How many open alarms it explains.</param>
/// <param name="Comments">How many comments it has.</param>
public sealed record AlarmInfo(
    long Id, string Kind, AlarmSubjectInfo Subject, Severity Severity, long Since, long Raised, long? Cleared,
    double? Figure, double? Threshold, double? Worst, string Unit, string? Detail, Trust? Trust,
    AlarmAct? Acknowledged, string? Assignee, AlarmMute? Mute, AlarmCause? Cause, int Consequences, int Comments);

/// <summary>What an alarm is about.</summary>
/// <param name="Sort">district, zone, gateway or device.</param>
/// <param name="Id">Its site id.</param>
/// <param name="Name">Its name; the id where it has none.</param>
/// <param name="Gateway">The gateway of a device; null of all else.</param>
/// <param name="Place">The line that a device counts; null of all else.</param>
public sealed record AlarmSubjectInfo(AlarmSubject Sort, string Id, LocalizedName Name, string? Gateway, LocalizedName? Place);

/// <summary>Somebody did something.</summary>
/// <param name="At">ms since the Unix epoch.</param>
/// <param name="By">Who.</param>
public sealed record AlarmAct(long At, string By);

/// <summary>A mute: the alarm is no news, and neither is the next of its kind and subject.</summary>
/// <param name="Until">Its end, ms since the Unix epoch.</param>
/// <param name="By">Who muted it.</param>
public sealed record AlarmMute(long Until, string By);

/// <summary>The alarm that explains another.</summary>
/// <param name="Id">Number of the alarm.</param>
/// <param name="Kind">Code of its kind.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Cleared">When it ended, ms since the Unix epoch; for ten minutes after that it still explains.</param>
public sealed record AlarmCause(long Id, string Kind, AlarmSubjectInfo Subject, long? Cleared);

/// <summary>An alarm with its story.</summary>
/// <param name="Alarm">The alarm.</param>
/// <param name="Events">What happened to it, oldest first.</param>
public sealed record AlarmStory(AlarmInfo Alarm, IReadOnlyList<AlarmEvent> Events);

/// <summary>Something that happened to an alarm.</summary>
/// <param name="At">ms since the Unix epoch.</param>
/// <param name="What">What it was.</param>
/// <param name="By">Who did it; null where nobody did.</param>
/// <param name="Text">The comment, the assignee, or the end of a mute (ms since the Unix epoch); of a clear: off (no longer watched) or removed (no longer in the district's file).</param>
public sealed record AlarmEvent(long At, AlarmEventKind What, string? By, string? Text);
