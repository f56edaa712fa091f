using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms;

/// <summary>A kind of alarm and when it comes and goes.</summary>
/// <param name="Kind">Its code.</param>
/// <param name="Sort">What it is about: district, zone, gateway or device.</param>
/// <param name="Sense">above: bad from the threshold up; below: from the threshold down; state: it is so or not.</param>
/// <param name="Unit">Unit of thresholds and hysteresis; empty of a state.</param>
/// <param name="Most">The highest threshold that is taken.</param>
/// <param name="Usual">The setting where nobody makes another.</param>
/// <param name="Rule">What holds for all that have no setting of their own.</param>
/// <param name="Own">Zones, gateways and devices with a setting of their own.</param>
public sealed record AlarmRuleInfo(
    string Kind, AlarmSubject Sort, AlarmSense Sense, string Unit, double Most, AlarmSettingInfo Usual, AlarmRuleState Rule, IReadOnlyList<AlarmRuleState> Own);

/// <summary>A setting in force.</summary>
/// <param name="Subject">The subject that it is for; null: all that have none of their own.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Source">usual, file (the district's YAML) or console.</param>
/// <param name="Since">Since when it is in force, ms since the Unix epoch; null of the usual one.</param>
/// <param name="By">Who made it in the console; null of all others.</param>
public sealed record AlarmRuleState(AlarmSubjectInfo? Subject, AlarmSettingInfo Setting, string Source, long? Since, string? By);

/// <summary>When an alarm comes and goes. A state has the threshold 1 at its severity.</summary>
public sealed record AlarmSettingInfo
{
    /// <summary>A warning from here on; null: never.</summary>
    public double? Warning { get; init; }

    /// <summary>Critical from here on; null: never.</summary>
    public double? Critical { get; init; }

    /// <summary>How far beyond its threshold the figure must be back before a level can end.</summary>
    [Range(0, 100_000_000, ErrorMessage = "hysteresis is a number from 0")]
    public double Hysteresis { get; init; }

    /// <summary>Seconds that a threshold must hold before the alarm begins.</summary>
    [Range(0, 86_400, ErrorMessage = "holdSeconds is a number from 0 to 86400")]
    public int HoldSeconds { get; init; }

    /// <summary>Seconds that the figure must be back before the alarm ends.</summary>
    [Range(0, 86_400, ErrorMessage = "clearSeconds is a number from 0 to 86400")]
    public int ClearSeconds { get; init; }

    /// <summary>False: not watched.</summary>
    public bool On { get; init; } = true;

    internal static AlarmSettingInfo Of(AlarmSetting setting) => new()
    {
        Warning = setting.Warning, Critical = setting.Critical, Hysteresis = setting.Hysteresis,
        HoldSeconds = setting.HoldSeconds, ClearSeconds = setting.ClearSeconds, On = setting.On,
    };

    internal AlarmSetting ToSetting() => new(Warning, Critical, Hysteresis, HoldSeconds, ClearSeconds, On);
}

internal static class AlarmRulesApi
{
    private const string KindText = "Code of the kind, as density.";

    public static void MapAlarmRules(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rules", Ok<List<AlarmRuleInfo>> (AlarmRules rules, AlarmNames names, District district) =>
                TypedResults.Ok(AlarmKinds.All.Select(kind => Info(kind, rules, names, district)).ToList()))
            .WithName("getAlarmRules").WithSummary("The kinds of alarms, and when each comes and goes");
        var acts = routes.MapGroup("/rules/{kind}").RequireAuthorization(Policies.Operator).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        acts.MapPut("", Set).WithName("setAlarmRule").WithSummary("Sets when a kind of alarm comes and goes, from now on")
            .WithDescription("What was raised before stays as it was. A later entry in the district's file comes into force at its date.");
        acts.MapDelete("", Reset).WithName("resetAlarmRule").WithSummary("Takes back what was set in the console: file or usual setting hold again");
        acts.MapPut("/{subject}", Set).WithName("setOwnAlarmRule").WithSummary("Sets when a kind of alarm comes and goes for one zone, gateway or device");
        acts.MapDelete("/{subject}", Reset).WithName("resetOwnAlarmRule").WithSummary("Takes back what was set for one zone, gateway or device");
    }

    private static AlarmRuleInfo Info(AlarmKind kind, AlarmRules rules, AlarmNames names, District district)
    {
        var own = district.Alarms.Where(rule => rule.Kind == kind.Code).SelectMany(rule => rule.Only)
            .Concat(rules.Made().Where(rule => rule.Kind == kind.Code && rule.Subject.Length > 0).Select(rule => rule.Subject))
            .Distinct().Order(StringComparer.Ordinal);
        return new(
            kind.Code, kind.Subject, kind.Sense, kind.Unit, kind.Most, AlarmSettingInfo.Of(kind.Default), State(null, rules.For(kind, null)),
            [.. own.Select(id => State(new(kind.Subject, id, names.Of(kind.Subject, id), names.GatewayOf(kind.Subject, id), names.PlaceOf(kind.Subject, id)), rules.For(kind, id)))]);
    }

    private static AlarmRuleState State(AlarmSubjectInfo? subject, RuleInForce rule) => new(
        subject, AlarmSettingInfo.Of(rule.Setting), rule.Source switch { RuleSource.File => "file", RuleSource.Console => "console", _ => "usual" }, rule.Since, rule.By);

    private static Results<NoContent, ProblemHttpResult> Set(
        [Description(KindText)] string kind, AlarmSettingInfo request, AlarmRules rules, StateFile state, AuditTrail audit, TimeProvider clock, District district, ClaimsPrincipal who,
        [Description("Site id of the zone, gateway or device.")] string? subject = null)
    {
        if (Fault(kind, subject, district, out var known) is { } unknown)
            return unknown;
        var setting = request.ToSetting();
        if (AlarmKinds.Fault(known, setting) is { } fault)
            return Problem.BadRequest("rule-invalid", $"{kind}: {fault.What}: {fault.Mend}");
        var before = rules.For(known, subject).Setting;
        state.Write(rows =>
        {
            rows.Run("INSERT OR REPLACE INTO alarm_rule VALUES ($1, $2, $3, $4, $5)",
                kind, subject ?? "", JsonSerializer.Serialize(setting), clock.GetUtcNow().ToUnixTimeMilliseconds(), who.Identity?.Name ?? "");
            audit.Note(rows, who, "alarm-rule.set", On(kind, subject), before, setting);
        });
        rules.Changed();
        return TypedResults.NoContent();
    }

    private static Results<NoContent, ProblemHttpResult> Reset(
        [Description(KindText)] string kind, AlarmRules rules, StateFile state, AuditTrail audit, District district, ClaimsPrincipal who,
        [Description("Site id of the zone, gateway or device.")] string? subject = null)
    {
        if (Fault(kind, subject, district, out var known) is { } unknown)
            return unknown;
        var before = rules.For(known, subject).Setting;
        state.Write(rows =>
        {
            if (rows.Run("DELETE FROM alarm_rule WHERE kind = $1 AND subject = $2", kind, subject ?? "") > 0)
                audit.Note(rows, who, "alarm-rule.reset", On(kind, subject), before);
        });
        rules.Changed();
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult? Fault(string kind, string? subject, District district, out AlarmKind known)
    {
        known = AlarmKinds.Find(kind)!;
        if (known is null)
            return Problem.Of(StatusCodes.Status404NotFound, "kind-unknown", $"There is no kind {kind}: GET /api/v1/alarms/rules lists them");
        var there = subject is null || known.Subject switch
        {
            AlarmSubject.Zone => district.Zones.Any(zone => zone.Id == subject),
            AlarmSubject.Gateway => district.Gateways.Any(gateway => gateway.Id == subject),
            AlarmSubject.Device => district.Devices.Any(device => device.Id == subject),
            AlarmSubject.Locker => district.Lockers.Any(locker => locker.Id == subject),
            AlarmSubject.Kiosk => district.Kiosks.Any(kiosk => kiosk.Id == subject),
            AlarmSubject.Cart => district.Carts.Any(cart => cart.Id == subject),
            _ => subject == district.Id,
        };
        return there ? null : Problem.Of(StatusCodes.Status404NotFound, "subject-unknown", $"{kind} is about a {known.Subject.ToString().ToLowerInvariant()}, and the district's file knows none that is called {subject}");
    }

    private static string On(string kind, string? subject) => subject is null ? kind : $"{kind}/{subject}";
}
