using System.Text;
using System.Text.Json;

namespace SmartDistrict.Cloud.Tests.Live;

/// <summary>A viewer of <c>/api/v1/live</c>.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private EventStream(HttpResponseMessage response, Stream body)
    {
        this.response = response;
        reader = new StreamReader(body, Encoding.UTF8);
    }

    public string? ContentType => response.Content.Headers.ContentType?.MediaType;

    public static async Task<EventStream> OpenAsync(HttpClient client)
    {
        var response = await client.GetAsync(new Uri("/api/v1/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return new(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event, or the next comment (its name is then ":").</summary>
    public async Task<(string Name, JsonElement Data)> NextAsync(bool comments = false)
    {
        var (name, data) = ("", default(JsonElement));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = JsonDocument.Parse(line[6..]).RootElement;
            else if (line.StartsWith(':') && comments)
                name = ":";
            else if (line.Length == 0 && name.Length > 0)
                return (name, data);
        }
        throw new EndOfStreamException();
    }

    /// <summary>Reads what is left until the service ends the stream.</summary>
    public async Task EndsAsync()
    {
        try
        {
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System) is not null)
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Ended in the middle: it was aborted.
        }
    }

    /// <summary>Reads events until one holds the zone as wanted; returns the zone.</summary>
    public async Task<JsonElement> ZoneAsync(string zone, Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            var (name, data) = await NextAsync();
            if (name is not ("snapshot" or "zones"))
                continue;
            foreach (var each in data.GetProperty("zones").EnumerateArray())
                if (each.GetProperty("zone").GetString() == zone && wanted(each))
                    return each;
        }
    }

    /// <summary>Reads events until one of this name is as wanted.</summary>
    public async Task<JsonElement> EventAsync(string name, Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            var (its, data) = await NextAsync();
            if (its == name && wanted(data))
                return data;
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
