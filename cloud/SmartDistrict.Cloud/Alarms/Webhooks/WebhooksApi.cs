using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Alarms.Webhooks;

/// <summary>A new webhook.</summary>
public sealed record WebhookRequest
{
    /// <summary>A name for people.</summary>
    [Required(ErrorMessage = "name is missing: give the webhook a name")]
    [RegularExpression(PersonRules.DisplayName, ErrorMessage = "name has 1 to 80 characters, without < and > and without control characters")]
    public string? Name { get; init; }

    /// <summary>Where to send to: http or https. Redirects are not followed.</summary>
    [Required(ErrorMessage = "url is missing: give the address to send to")]
    [StringLength(2000, MinimumLength = 8, ErrorMessage = "url has 8 to 2000 characters")]
    public string? Url { get; init; }

    /// <summary>Only alarms that are or were as grave as this: warning (where nothing is said) or critical.</summary>
    [AllowedValues(null, "warning", "critical", ErrorMessage = "least is not one of warning and critical")]
    public string? Least { get; init; }
}

/// <summary>A webhook.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where it sends to.</param>
/// <param name="Least">It tells of alarms that are or were as grave as this.</param>
/// <param name="Made">When it was made, ms since the Unix epoch.</param>
/// <param name="By">Who made it.</param>
/// <param name="Waiting">Messages that wait to be sent, for the first time or again.</param>
/// <param name="Dead">Messages given up after eight attempts.</param>
/// <param name="LastSent">When a message was taken last, ms since the Unix epoch; null where none was.</param>
/// <param name="LastReason">Why the newest message that was tried was not taken; null where it was.</param>
public sealed record WebhookInfo(
    long Id, string Name, string Url, Severity Least, long Made, string By, int Waiting, int Dead, long? LastSent, string? LastReason);

/// <summary>A webhook that was just made.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Secret">The key of its signatures. It is shown this once.</param>
public sealed record WebhookMade(long Id, string Secret);

/// <summary>A page of a webhook's messages, newest first.</summary>
/// <param name="Deliveries">The messages.</param>
/// <param name="Next">Ask for the next page with before= this; null where this is the last one.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryInfo> Deliveries, long? Next);

/// <summary>A message of a webhook.</summary>
/// <param name="Id">Its number, as in the header SmartDistrict-Delivery.</param>
/// <param name="Made">When it was written, ms since the Unix epoch.</param>
/// <param name="State">waiting, sent or dead.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Due">When it is tried next, ms since the Unix epoch; null where it is not.</param>
/// <param name="Finished">When it was taken or given up, ms since the Unix epoch; null while it waits.</param>
/// <param name="Reason">Why it was not taken at the last attempt; null where it was.</param>
/// <param name="Body">The message as it is sent.</param>
public sealed record DeliveryInfo(long Id, long Made, string State, int Attempts, long? Due, long? Finished, string? Reason, string Body);

internal static class WebhooksApi
{
    private const string Number = "Number of the webhook.";

    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddSingleton<WebhookOutbox>().AddSingleton<WebhookSecrets>()
        .AddSingleton<WebhookSender>().AddHostedService(provider => provider.GetRequiredService<WebhookSender>());

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var hooks = routes.MapGroup("/webhooks").RequireAuthorization(Policies.Administrator);
        hooks.MapGet("", Ok<List<WebhookInfo>> (StateFile state) => TypedResults.Ok(state.Read(List)))
            .WithName("getWebhooks").WithSummary("Where alarms are sent to, and whether they arrive");
        hooks.MapPost("", Add).WithName("addWebhook").WithSummary("Sends alarms to an address from now on")
            .WithDescription(
                "Each message is a POST of JSON with the header SmartDistrict-Signature: t=TIME,v1=HMAC, where HMAC is the HMAC-SHA256, in hexadecimal digits, "
                + "of TIME, a full stop and the body, with the secret as key. What is not answered with 2xx within 10 s is tried again, eight times in some six hours.")
            .ProducesValidationProblem();
        var hook = hooks.MapGroup("/{id:long}").ProducesProblem(StatusCodes.Status404NotFound);
        hook.MapDelete("", Remove).WithName("removeWebhook").WithSummary("Sends there no more; what waits is given up");
        hook.MapPost("/test", Test).WithName("testWebhook").WithSummary("Sends a message that tells of nothing");
        hook.MapGet("/deliveries", Deliveries).WithName("getWebhookDeliveries").WithSummary("The messages of a webhook, newest first; kept for 30 days after their end")
            .ProducesValidationProblem();
        hook.MapPost("/retry", Retry).WithName("retryWebhook").WithSummary("Tries all dead messages of a webhook again");
    }

    private static List<WebhookInfo> List(StateRows rows) => rows.List(
        """
        SELECT w.id, w.name, w.url, w.least, w.made, w.who,
            (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id AND d.due IS NOT NULL),
            (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id AND d.failed),
            (SELECT max(d.finished) FROM webhook_delivery d WHERE d.webhook = w.id AND NOT d.failed),
            (SELECT d.reason FROM webhook_delivery d WHERE d.webhook = w.id AND d.attempts > 0 ORDER BY d.id DESC LIMIT 1)
        FROM webhook w ORDER BY w.id
        """,
        row => new WebhookInfo(
            row.GetInt64(0), row.GetString(1), row.GetString(2), (Severity)row.GetInt32(3), row.GetInt64(4), row.GetString(5),
            row.GetInt32(6), row.GetInt32(7), AlarmTables.Whole(row, 8), AlarmTables.Text(row, 9)));

    private static Results<Created<WebhookMade>, ProblemHttpResult> Add(
        WebhookRequest request, StateFile state, WebhookSecrets secrets, AuditTrail audit, TimeProvider clock, ClaimsPrincipal who)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
            return Problem.BadRequest("url-invalid", "url is not an address to send to: write http:// or https://, host and path, without a name or password in it");
        var secret = WebhookSecrets.Make();
        var id = state.Write(rows =>
        {
            rows.Run("INSERT INTO webhook (name, url, secret, least, made, who) VALUES ($1, $2, $3, $4, $5, $6)",
                request.Name!.Trim(), url.AbsoluteUri, secrets.Hide(secret), (int)(request.Least == "critical" ? Severity.Critical : Severity.Warning),
                clock.GetUtcNow().ToUnixTimeMilliseconds(), who.Identity?.Name ?? "");
            var made = (long)rows.Value("SELECT last_insert_rowid()")!;
            audit.Note(rows, who, "webhook.add", Id(made), null, new { name = request.Name.Trim(), host = url.Authority, request.Least });
            return made;
        });
        return TypedResults.Created($"/api/v1/alarms/webhooks/{id}", new WebhookMade(id, secret));
    }

    private static Results<NoContent, ProblemHttpResult> Remove([Description(Number)] long id, StateFile state, AuditTrail audit, ClaimsPrincipal who) => state.Write(rows =>
    {
        if (NameOf(rows, id) is not { } name)
            return false;
        rows.Run("DELETE FROM webhook_delivery WHERE webhook = $1", id);
        rows.Run("DELETE FROM webhook WHERE id = $1", id);
        audit.Note(rows, who, "webhook.remove", Id(id), new { name });
        return true;
    }) ? TypedResults.NoContent() : Unknown(id);

    private static Results<Accepted, ProblemHttpResult> Test(
        [Description(Number)] long id, StateFile state, WebhookOutbox outbox, AuditTrail audit, TimeProvider clock, ClaimsPrincipal who)
    {
        var known = state.Write(rows =>
        {
            if (NameOf(rows, id) is null)
                return false;
            outbox.PutTest(rows, id, clock.GetUtcNow().ToUnixTimeMilliseconds());
            audit.Note(rows, who, "webhook.test", Id(id));
            return true;
        });
        outbox.Wake();
        return known ? TypedResults.Accepted((string?)null) : Unknown(id);
    }

    private static Results<Ok<DeliveryPage>, ProblemHttpResult> Deliveries(
        [Description(Number)] long id, StateFile state, [AsParameters] RecordPageQuery query) => state.Read(rows =>
    {
        if (NameOf(rows, id) is null)
            return null;
        var found = rows.List(
            "SELECT id, made, due, finished, failed, attempts, reason, body FROM webhook_delivery WHERE webhook = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            row => new DeliveryInfo(
                row.GetInt64(0), row.GetInt64(1), row.GetBoolean(4) ? "dead" : row.IsDBNull(3) ? "waiting" : "sent", row.GetInt32(5),
                AlarmTables.Whole(row, 2), AlarmTables.Whole(row, 3), AlarmTables.Text(row, 6), row.GetString(7)),
            id, query.Below, query.OneMore);
        var more = query.Cut(found);
        return new DeliveryPage(found, more ? found[^1].Id : null);
    }) is { } page ? TypedResults.Ok(page) : Unknown(id);

    private static Results<Accepted, ProblemHttpResult> Retry(
        [Description(Number)] long id, StateFile state, WebhookOutbox outbox, AuditTrail audit, TimeProvider clock, ClaimsPrincipal who)
    {
        var known = state.Write(rows =>
        {
            if (NameOf(rows, id) is null)
                return false;
            var again = rows.Run("UPDATE webhook_delivery SET attempts = 0, due = $2, finished = NULL, failed = 0 WHERE webhook = $1 AND failed",
                id, clock.GetUtcNow().ToUnixTimeMilliseconds());
            if (again > 0)
                audit.Note(rows, who, "webhook.retry", Id(id), null, new { messages = again });
            return true;
        });
        outbox.Wake();
        return known ? TypedResults.Accepted((string?)null) : Unknown(id);
    }

    private static string? NameOf(StateRows rows, long id) => rows.Value("SELECT name FROM webhook WHERE id = $1", id) as string;

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static ProblemHttpResult Unknown(long id) =>
        Problem.Of(StatusCodes.Status404NotFound, "webhook-unknown", $"There is no webhook {id}: GET /api/v1/alarms/webhooks lists them");
}
