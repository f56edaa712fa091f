using System.Net.Http.Headers;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Testing.Simulation.Assets;

/// <summary>
/// Writes simulated lockers, kiosks and carts as line protocol, as an integration of one's own does: to the cloud with a gateway's token, or
/// to an InfluxDB. What could not be written is written again with the next second's.
/// </summary>
public sealed class AssetFeed(SimulatedAssets assets, HttpClient client, Uri write, string? token, TimeProvider clock)
{
    private const int MostBytes = 1_000_000;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="InvalidOperationException">The store refused a point: simulation and store do not speak the same language.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var writer = new LineWriter();
        while (assets.Any && !stop.IsCancellationRequested)
        {
            assets.Advance(clock.GetUtcNow(), writer);
            if (writer.Written.Length > 0 && (await WriteAsync(writer.Written.ToArray(), stop) || writer.Written.Length > MostBytes))
                writer.Clear();
            await Task.Delay(Step, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> WriteAsync(byte[] lines, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, write) { Content = new ByteArrayContent(lines) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Token", token);
        try
        {
            using var answer = await client.SendAsync(request, stop);
            if (answer.IsSuccessStatusCode)
                return true;
            return (int)answer.StatusCode is >= 400 and < 500
                ? throw new InvalidOperationException($"lockers, kiosks and carts are refused ({(int)answer.StatusCode}): {await answer.Content.ReadAsStringAsync(stop)}")
                : false;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
