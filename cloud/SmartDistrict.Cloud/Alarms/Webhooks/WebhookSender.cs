using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Alarms.Webhooks;

/// <summary>
/// Sends what waits and tries again what was not taken: after 10 s at first, then longer and longer, eight times in some six
/// hours. What nobody took by then is a dead letter, and stays to be looked at. Messages leave in their order, but one that
/// is tried again may come behind later ones: each says its time.
/// </summary>
internal sealed partial class WebhookSender(
    StateFile state, WebhookOutbox outbox, WebhookSecrets secrets, TimeProvider clock, ILogger<WebhookSender> log) : BackgroundService
{
    private static readonly int[] WaitSeconds = [10, 30, 120, 600, 1_800, 3_600, 14_400];
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private const int LongestReason = 200;
    private const int MostAtOnce = 200;

    /// <summary>Nobody is led elsewhere: only the addresses that an administrator wrote down are spoken to.</summary>
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    /// <summary>The signature of a body: HMAC-SHA256 of <c>time.body</c>, in hexadecimal digits.</summary>
    /// <param name="time">s since the Unix epoch, as in the header.</param>
    internal static string Sign(string secret, long time, string body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}.{body}"))));

    /// <summary>Sends what is due once. A webhook that refuses waits for the next time with all it has: it holds up the others for one answer at most.</summary>
    private async Task SendDueAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var due = state.Read(rows => rows.List(
            "SELECT d.id, d.body, d.attempts, w.id, w.url, w.secret FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook WHERE d.due <= $1 ORDER BY d.id LIMIT $2",
            row => new Due(row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetInt64(3), row.GetString(4), row.GetFieldValue<byte[]>(5)), now, MostAtOnce));
        await Task.WhenAll(due.GroupBy(each => each.Webhook).Select(async hook =>
        {
            foreach (var each in hook)
                if (!Note(each, await SendAsync(each, cancellation)))
                    return;
        }));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SendDueAsync(stoppingToken);
                state.Write(rows => rows.Run("DELETE FROM webhook_delivery WHERE finished < $1", (clock.GetUtcNow() - Kept).ToUnixTimeMilliseconds()));
            }
            catch (Microsoft.Data.Sqlite.SqliteException e)
            {
                LogFailed(e);
            }
            using var look = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(Task.Delay(LookAgain, clock, look.Token), outbox.Pulse.WaitToReadAsync(look.Token).AsTask());
            await look.CancelAsync();
            outbox.Pulse.TryRead(out _);
        }
    }

    /// <returns>Null where it was taken, else the reason.</returns>
    private async Task<string?> SendAsync(Due due, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(LongestAnswer, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var time = clock.GetUtcNow().ToUnixTimeSeconds();
            using var request = new HttpRequestMessage(HttpMethod.Post, due.Url)
            {
                Content = new StringContent(due.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8")),
            };
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("SmartDistrict", null));
            request.Headers.Add("SmartDistrict-Delivery", due.Id.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("SmartDistrict-Signature", $"t={time},v1={Sign(secrets.Reveal(due.Secret), time, due.Body)}");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {LongestAnswer.TotalSeconds} s";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
        catch (CryptographicException)
        {
            return "the secret cannot be read with the keys of this data folder: remove the webhook and add it again";
        }
    }

    /// <returns>Whether it was taken.</returns>
    private bool Note(Due due, string? reason)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (reason?.Length > LongestReason)
            reason = reason[..LongestReason];
        var tries = due.Attempts + 1;
        state.Write(rows => reason is null
            ? rows.Run("UPDATE webhook_delivery SET attempts = $2, due = NULL, finished = $3, failed = 0, reason = NULL WHERE id = $1", due.Id, tries, now)
            : tries > WaitSeconds.Length
                ? rows.Run("UPDATE webhook_delivery SET attempts = $2, due = NULL, finished = $3, failed = 1, reason = $4 WHERE id = $1", due.Id, tries, now, reason)
                : rows.Run("UPDATE webhook_delivery SET attempts = $2, due = $3, reason = $4 WHERE id = $1", due.Id, tries, now + (WaitSeconds[tries - 1] * 1000L), reason));
        if (reason is not null)
            LogRefused(due.Webhook, tries, reason);
        return reason is null;
    }

    private sealed record Due(long Id, string Body, int Attempts, long Webhook, string Url, byte[] Secret);

    [LoggerMessage(LogLevel.Warning, "Webhook {Webhook} did not take a message (attempt {Attempt}): {Reason}")]
    private partial void LogRefused(long webhook, int attempt, string reason);

    [LoggerMessage(LogLevel.Error, "Webhooks cannot be sent now: the state file cannot be used")]
    private partial void LogFailed(Exception exception);
}

/// <summary>Keeps the webhooks' secrets: on disk only as these keys of the data folder open them.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const int Bytes = 32;

    private readonly IDataProtector protector = protection.CreateProtector("webhook");

    public static string Make() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    public byte[] Hide(string secret) => protector.Protect(Encoding.UTF8.GetBytes(secret));

    /// <exception cref="CryptographicException">The keys are gone.</exception>
    public string Reveal(byte[] hidden) => Encoding.UTF8.GetString(protector.Unprotect(hidden));
}
