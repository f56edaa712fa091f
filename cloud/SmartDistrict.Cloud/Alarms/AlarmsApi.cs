using System.ComponentModel;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Alarms.Webhooks;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Alarms;

internal static class AlarmsApi
{
    private const string Number = "Number of the alarm.";

    public static IServiceCollection AddAlarms(this IServiceCollection services) => services
        .AddStateTables(AlarmTables.Subject, AlarmTables.Scripts)
        .AddSingleton<AlarmNames>().AddSingleton<AlarmRules>().AddSingleton<AlarmFigures>().AddSingleton<AlarmBook>()
        .AddSingleton<AlarmReader>().AddSingleton<AlarmDesk>()
        .AddSingleton<HealthWatch>().AddHostedService(provider => provider.GetRequiredService<HealthWatch>())
        .AddSingleton<AlarmNews>().AddHostedService(provider => provider.GetRequiredService<AlarmNews>())
        .AddSingleton<AlarmEngine>().AddHostedService(provider => provider.GetRequiredService<AlarmEngine>())
        .AddWebhooks();

    public static void MapAlarms(this IEndpointRouteBuilder routes)
    {
        var alarms = routes.MapGroup("/alarms").WithTags("Alarms").RequireAuthorization(Policies.Viewer)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        alarms.MapGet("", List).WithName("getAlarms").WithSummary("Alarms, open or past, a page at a time")
            .WithDescription(
                "An alarm is raised once and stays open until its figure was back for the clear time. A consequence names its cause and is no news: "
                + "ask with top=true for what stands for itself, and with cause= for what it explains. Send If-None-Match with the last ETag: 304 means that nothing has changed.")
            .Produces<AlarmPage>().Produces(StatusCodes.Status304NotModified).ProducesValidationProblem();
        alarms.MapGet("/summary", Ok<AlarmsEvent> (AlarmNews news) => TypedResults.Ok(news.Read()))
            .WithName("getAlarmSummary").WithSummary("What is in alarm now, in short: the data of the live stream's event alarms");
        alarms.MapGet("/{id:long}", Results<Ok<AlarmStory>, ProblemHttpResult> ([Description(Number)] long id, AlarmReader reader) =>
                reader.Story(id) is { } story ? TypedResults.Ok(story) : Unknown(id))
            .WithName("getAlarm").WithSummary("One alarm, with all that happened to it").ProducesProblem(StatusCodes.Status404NotFound);

        var acts = alarms.MapGroup("").RequireAuthorization(Policies.Operator).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        acts.MapPost("/acknowledge", Results<NoContent, ProblemHttpResult> (AcknowledgeRequest request, AlarmDesk desk, ClaimsPrincipal who) =>
                desk.Acknowledge(request.Alarms ?? [], who) is { } unknown ? Unknown(unknown) : TypedResults.NoContent())
            .WithName("acknowledgeAlarms").WithSummary("Says that alarms were seen")
            .WithDescription("All or none: where one number is unknown, nothing is done.");
        acts.MapPut("/{id:long}/assignee", Results<NoContent, ProblemHttpResult> ([Description(Number)] long id, AssignRequest request, AlarmDesk desk, ClaimsPrincipal who) =>
                Done(id, desk.Assign(id, request.Assignee?.Trim(), who)))
            .WithName("assignAlarm").WithSummary("Says who sees to an alarm");
        acts.MapPost("/{id:long}/comments", Results<NoContent, ProblemHttpResult> ([Description(Number)] long id, CommentRequest request, AlarmDesk desk, ClaimsPrincipal who) =>
                Done(id, desk.Comment(id, request.Text ?? "", who)))
            .WithName("commentAlarm").WithSummary("Adds a comment to an alarm's story");
        acts.MapPut("/{id:long}/mute", Mute).WithName("muteAlarm").WithSummary("Keeps an alarm quiet until an instant")
            .WithDescription("Also when it clears and comes again. When the time is over and it is still there, it is told of again.");
        acts.MapDelete("/{id:long}/mute", Results<NoContent, ProblemHttpResult> ([Description(Number)] long id, AlarmDesk desk, ClaimsPrincipal who) => Done(id, desk.Unmute(id, who)))
            .WithName("unmuteAlarm").WithSummary("Ends a mute");
        alarms.MapAlarmRules();
        alarms.MapWebhooks();
    }

    private static IResult List([AsParameters] AlarmQuery query, AlarmReader reader, HttpContext context)
    {
        if (!query.TryRead(reader.District, reader.Now, out var selection, out var problem))
            return problem!;
        if (reader.Page(selection) is not { } page)
            return Problem.BadRequest("after-invalid", $"after ({query.After}) is no alarm: give next of the page before, or leave it out");
        var json = JsonSerializer.SerializeToUtf8Bytes(page, JsonSerializerOptions.Web);
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(json, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json)[..16])}\"", isWeak: true));
    }

    private static Results<NoContent, ProblemHttpResult> Mute([Description(Number)] long id, MuteRequest request, AlarmDesk desk, ClaimsPrincipal who)
    {
        var until = request.Until ?? 0;
        return until <= desk.Now || until > desk.Now + AlarmDesk.LongestMute.TotalMilliseconds
            ? Problem.BadRequest("mute-invalid", $"until ({until}) is not between now ({desk.Now}) and 30 days from now: a mute always has an end, ms since the Unix epoch")
            : Done(id, desk.Mute(id, until, who));
    }

    private static Results<NoContent, ProblemHttpResult> Done(long id, bool done) => done ? TypedResults.NoContent() : Unknown(id);

    private static ProblemHttpResult Unknown(long id) =>
        Problem.Of(StatusCodes.Status404NotFound, "alarm-unknown", $"There is no alarm {id}: GET /api/v1/alarms lists them");
}
