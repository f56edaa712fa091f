using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace SmartDistrict.Testing;

/// <summary>
/// A real InfluxDB 1.x on free loopback ports, in a temporary folder of its own. It can be stopped, killed, frozen and
/// started again on the same port and data; <see cref="DisposeAsync"/> leaves nothing behind.
/// </summary>
public sealed class InfluxServer : ServerProcess
{
    public const string AdminUser = "admin";
    public const string AdminPassword = "an admin's password";

    private readonly InfluxOptions options;
    private readonly string folder = Directory.CreateTempSubdirectory("sd-influx-").FullName;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(2) };

    private InfluxServer(InfluxOptions options) : base("influxd", TimeSpan.FromSeconds(60)) => this.options = options;

    public int Port { get; private set; }

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    /// <summary>The database created at the start.</summary>
    public string Database => options.Database;

    /// <summary>What the server has logged so far.</summary>
    public string Log => Output;

    /// <exception cref="InvalidOperationException">influxd is not installed, or did not start (its log is in the message).</exception>
    public static async Task<InfluxServer> StartNewAsync(InfluxOptions? options = null)
    {
        var server = new InfluxServer(options ?? new InfluxOptions());
        try
        {
            // Between finding a free port and the server's bind another process may take it.
            for (var attempt = 1; ; attempt++)
            {
                server.Port = MosquittoBroker.FreePort();
                server.Configure(rpcPort: MosquittoBroker.FreePort());
                try
                {
                    await server.StartAsync();
                    break;
                }
                catch (InvalidOperationException) when (attempt < 5 && server.Log.Contains("address already in use", StringComparison.Ordinal))
                {
                }
            }
            if (server.options.Authentication)
                await server.QueryAsync($"CREATE USER \"{AdminUser}\" WITH PASSWORD '{AdminPassword.Replace("'", "\\'", StringComparison.Ordinal)}' WITH ALL PRIVILEGES");
            await server.CreateDatabaseAsync(server.Database);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts again on the same port and data after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public Task StartAsync() => LaunchAsync(FindExecutable(), ["-config", Path.Combine(folder, "influxdb.conf")], IsAnsweringAsync, () => Log);

    public Task CreateDatabaseAsync(string name) => QueryAsync($"CREATE DATABASE \"{name}\"");

    public Task DropDatabaseAsync(string name) => QueryAsync($"DROP DATABASE \"{name}\"");

    /// <summary>Runs InfluxQL, several statements separated by semicolons, times in seconds.</summary>
    /// <returns>The array <c>results</c> of the answer.</returns>
    /// <exception cref="InvalidOperationException">The server refused it, or a statement of it.</exception>
    public async Task<JsonElement> QueryAsync(string influxQl, string? database = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, "query"));
        Authorize(request);
        request.Content = new FormUrlEncodedContent([new("q", influxQl), new("db", database ?? ""), new("epoch", "s")]);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{(int)response.StatusCode} for «{influxQl}»: {text}");
        using var document = JsonDocument.Parse(text);
        var results = document.RootElement.GetProperty("results").Clone();
        foreach (var result in results.EnumerateArray())
            if (result.TryGetProperty("error", out var error))
                throw new InvalidOperationException($"«{influxQl}»: {error.GetString()}");
        return results;
    }

    /// <summary>The rows of all series that one statement on <see cref="Database"/> (or another) answers; empty without any.</summary>
    public async Task<List<Dictionary<string, JsonElement>>> RowsAsync(string influxQl, string? database = null)
    {
        var rows = new List<Dictionary<string, JsonElement>>();
        var result = (await QueryAsync(influxQl, database ?? Database))[0];
        if (!result.TryGetProperty("series", out var series))
            return rows;
        foreach (var one in series.EnumerateArray())
        {
            var columns = one.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!).ToArray();
            foreach (var values in one.GetProperty("values").EnumerateArray())
            {
                var row = new Dictionary<string, JsonElement>();
                if (one.TryGetProperty("tags", out var tags))
                    foreach (var tag in tags.EnumerateObject())
                        row[tag.Name] = tag.Value;
                for (var i = 0; i < columns.Length; i++)
                    row[columns[i]] = values[i];
                rows.Add(row);
            }
        }
        return rows;
    }

    /// <summary>The one number that a statement answers, such as <c>SELECT count(entries) FROM footfall_1m</c>; 0 without any row.</summary>
    public async Task<long> NumberAsync(string influxQl, string? database = null)
    {
        var rows = await RowsAsync(influxQl, database);
        return rows.Count == 0 ? 0 : rows[0].Single(column => column.Key != "time").Value.GetInt64();
    }

    /// <summary>Writes line protocol with timestamps in seconds.</summary>
    public async Task<(HttpStatusCode Status, string Answer)> WriteAsync(string lines, string? database = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, $"write?db={database ?? Database}&precision=s"));
        Authorize(request);
        request.Content = new StringContent(lines);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string FindExecutable() =>
        new[] { "/usr/bin/influxd", "/usr/local/bin/influxd" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("influxd is not installed: apt-get install influxdb");

    private void Authorize(HttpRequestMessage request)
    {
        if (options.Authentication)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AdminUser}:{AdminPassword}")));
    }

    /// <summary>The backup service binds a port of its own, 8088 unless told; the monitor would write into a database of its own.</summary>
    private void Configure(int rpcPort) => File.WriteAllText(Path.Combine(folder, "influxdb.conf"), $"""
        reporting-disabled = true
        bind-address = "127.0.0.1:{rpcPort}"
        [meta]
          dir = "{folder}/meta"
          logging-enabled = false
        [data]
          dir = "{folder}/data"
          wal-dir = "{folder}/wal"
          query-log-enabled = false
        [http]
          bind-address = "127.0.0.1:{Port}"
          auth-enabled = {(options.Authentication ? "true" : "false")}
          log-enabled = false
          max-body-size = {(options.MaxBodyBytes > 0 ? options.MaxBodyBytes : 25_000_000)}
        [monitor]
          store-enabled = false
        [subscriber]
          enabled = false
        [continuous_queries]
          enabled = false
        [logging]
          level = "warn"
          suppress-logo = true
        """);

    private async Task<bool> IsAnsweringAsync()
    {
        try
        {
            using var response = await http.GetAsync(new Uri(Url, "ping"));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
