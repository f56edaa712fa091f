using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Alarms;

/// <summary>A message as it came.</summary>
internal sealed record Received(string Delivery, string Signature, string Body);

/// <summary>Another system's address, on a real port; answers as a test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Received> messages = Channel.CreateUnbounded<Received>();

    private readonly ConcurrentDictionary<string, bool> taken = [];

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>The answer to the next messages.</summary>
    public int Status { get; set; } = StatusCodes.Status204NoContent;

    public string Url { get; private set; } = "";

    /// <summary>Messages that came, refused ones too.</summary>
    public int Count { get; private set; }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.MapPost("/hook", receiver.TakeAsync);
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Url = receiver.app.Urls.Single() + "/hook";
        return receiver;
    }

    /// <summary>The next message that did not come before (a sender that got no answer sends it again); time passes until it is there.</summary>
    public async Task<Received> NextAsync(ManualTimeProvider clock)
    {
        var next = messages.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        var limit = Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        while (await Task.WhenAny(next, limit, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken)) != next)
        {
            Assert.False(limit.IsCompleted, "no message came");
            clock.Advance(TimeSpan.FromMilliseconds(500));
        }
        return await next;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        Count++;
        var delivery = request.Headers["SmartDistrict-Delivery"].ToString();
        if (Status < 300 && taken.TryAdd(delivery, true))
            messages.Writer.TryWrite(new(delivery, request.Headers["SmartDistrict-Signature"].ToString(), body));
        return Status is >= 300 and < 400 ? Results.Redirect("/elsewhere") : Results.StatusCode(Status);
    }
}
