using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Alarms.Webhooks;

/// <summary>Body of a webhook.</summary>
/// <param name="District">Site id of the district.</param>
/// <param name="At">When it happened, ms since the Unix epoch.</param>
/// <param name="Test">Whether somebody only tries the webhook.</param>
/// <param name="Events">What happened, in its order.</param>
public sealed record WebhookBody(string District, long At, bool Test, IReadOnlyList<WebhookEvent> Events);

/// <summary>What happened to an alarm.</summary>
/// <param name="What">raised, worse, better, cleared, unmuted, or alone: its cause is over, and it is still there.</param>
/// <param name="Alarm">The alarm after that.</param>
public sealed record WebhookEvent(AlarmEventKind What, WebhookAlarm Alarm);

/// <summary>An alarm as a webhook tells it. Times are ms since the Unix epoch.</summary>
/// <param name="Id">Number of the alarm; GET /api/v1/alarms/{id} tells all of it.</param>
/// <param name="Kind">Code of its kind.</param>
/// <param name="Subject">Site id of the zone, gateway, device or district.</param>
/// <param name="Name">Name of that.</param>
/// <param name="Severity">How grave it is, or was before it cleared.</param>
/// <param name="Since">When the condition began.</param>
/// <param name="Raised">When the alarm began.</param>
/// <param name="Cleared">When it ended; null while it is open.</param>
/// <param name="Figure">The figure that made it so; null of a state.</param>
/// <param name="Threshold">The threshold that it reached; null of a state.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Detail">What it is exactly, as a stable code; null where the kind says it all.</param>
public sealed record WebhookAlarm(
    long Id, string Kind, string Subject, LocalizedName Name, Severity Severity, long Since, long Raised, long? Cleared,
    double? Figure, double? Threshold, string Unit, string? Detail);

/// <summary>Writes down what is to be sent, in the transaction of what it tells of: nothing that happened goes untold.</summary>
internal sealed class WebhookOutbox(District district, AlarmNames names)
{
    /// <summary>Events in one message; a storm goes out in several.</summary>
    public const int MostEvents = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Channel<bool> pulse = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says that something may be due.</summary>
    public ChannelReader<bool> Pulse => pulse.Reader;

    /// <param name="now">ms since the Unix epoch.</param>
    public void Put(StateRows rows, IReadOnlyList<AlarmMessage> messages, long now)
    {
        if (messages.Count == 0)
            return;
        foreach (var (id, least) in rows.List("SELECT id, least FROM webhook", row => (row.GetInt64(0), (Severity)row.GetInt32(1))))
            foreach (var part in messages.Where(message => message.Alarm.Peak >= least).Chunk(MostEvents))
                Put(rows, id, new(district.Id, now, false, [.. part.Select(message => new WebhookEvent(message.What, Of(message.Alarm)))]));
    }

    /// <summary>A message that tells of nothing, to try the webhook.</summary>
    public void PutTest(StateRows rows, long webhook, long now) => Put(rows, webhook, new(district.Id, now, true, []));

    /// <summary>Something was put and is on disk, or is due again.</summary>
    public void Wake() => pulse.Writer.TryWrite(true);

    private static void Put(StateRows rows, long webhook, WebhookBody body) =>
        rows.Run("INSERT INTO webhook_delivery (webhook, made, body, due) VALUES ($1, $2, $3, $2)", webhook, body.At, JsonSerializer.Serialize(body, Json));

    private WebhookAlarm Of(Alarm alarm) => new(
        alarm.Id, alarm.Kind, alarm.Subject, names.Of(alarm), alarm.Severity, alarm.Since, alarm.Raised, alarm.Cleared,
        alarm.Figure, alarm.Threshold, AlarmKinds.Find(alarm.Kind)?.Unit ?? "", alarm.Detail);
}
