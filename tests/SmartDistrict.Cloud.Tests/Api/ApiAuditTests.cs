using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Tests.Hosting;
using SmartDistrict.Telemetry.Windows;
using SmartDistrict.Testing;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>A service with a few hours of footfall, and its OpenAPI document.</summary>
public sealed class AuditedApi : IAsyncLifetime
{
    /// <summary>The examples' footfall lies in the hours after the clock of <see cref="CloudApp"/>.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(2);

    internal CloudApp App { get; } = new(TestDistrict.WithAssets);

    internal HttpClient Client { get; private set; } = null!;

    internal JsonElement Document { get; private set; }

    internal IEnumerable<ApiOperation> Operations => Document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => new ApiOperation(path.Name, operation.Name, operation.Value));

    public async ValueTask InitializeAsync()
    {
        Client = App.Administrator();
        App.Clock.Advance(Ahead);
        Document = await Client.JsonAsync("/openapi/v1.json");
        var windows = from resolution in Resolutions.All
                      from line in new[] { "ln-1", "ln-2", "ln-3", "ln-4" }
                      from window in Enumerable.Range(1, 4 * 3600 / resolution.Seconds())
                      select Lines.Window(line, resolution, App.Now - (window * resolution.Seconds()), entries: resolution.Seconds() / 60, exits: resolution.Seconds() / 90);
        using var answer = await App.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body(windows.Where(window => window.Line != "ln-4")));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using var assets = await App.Gateway().PostToAsync("/api/v2/write?precision=s", Lines.Body(
            $"""
            locker,compartment=1,district=harbour,locker=lk-1 state="occupied",door_open=f,since={(App.Now - 1200) * 1000}i {App.Now - 20}
            locker,compartment=2,district=harbour,locker=lk-1 state="free",door_open=f {App.Now - 20}
            locker,compartment=3,district=harbour,locker=lk-1 state="free",door_open=f {App.Now - 20}
            locker,compartment=4,district=harbour,locker=lk-1 state="forced",door_open=t,since={(App.Now - 30) * 1000}i {App.Now - 20}
            kiosk,district=harbour,kiosk=ks-1 heartbeat=t,paper="low",reader="ok",screen="ok" {App.Now - 12}
            cart_pose,cart=cart-1,district=harbour connection="online",x=121.4951,y=31.2342,level=0i,posed={((App.Now - 2) * 1000) - 700}i,heading=85.0,speed=1.2,battery=76.0,charging=f,driving=t,mode="automatic",emergency_stop="none" {App.Now - 2}
            cart_pose,cart=cart-1,district=harbour connection="online",x=121.4952,y=31.2342,level=0i,posed={((App.Now - 1) * 1000) - 700}i,heading=85.0,speed=1.2,battery=76.0,charging=f,driving=t,mode="automatic",emergency_stop="none" {App.Now - 1}
            """));
        Assert.Equal(HttpStatusCode.NoContent, assets.StatusCode);
        await App.Services.GetRequiredService<AssetWatch>().ReadAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}

/// <summary>One operation of the document.</summary>
internal sealed record ApiOperation(string Path, string Method, JsonElement Json)
{
    public string Id => Json.GetProperty("operationId").GetString()!;

    public bool IsOurs => Path.StartsWith("/api/v1/", StringComparison.Ordinal);

    /// <summary>Of one thing, which the audited service may not have.</summary>
    public bool IsOfOne => Path.Contains('{', StringComparison.Ordinal);

    public bool IsQuestion => Method == "get";

    public JsonElement[] Parameters => Json.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

    public JsonElement? Body => Json.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().First().Value : null;

    public string[] Statuses => [.. Json.GetProperty("responses").EnumerateObject().Select(response => response.Name)];

    /// <summary>The JSON that it answers when all is well; null where that is none.</summary>
    public JsonElement? Answer => Json.GetProperty("responses").EnumerateObject()
        .Where(response => response.Name.StartsWith('2') && response.Value.TryGetProperty("content", out _))
        .SelectMany(response => response.Value.GetProperty("content").EnumerateObject())
        .Where(content => content.Name.EndsWith("json", StringComparison.Ordinal))
        .Select(content => (JsonElement?)content.Value).FirstOrDefault();

    /// <summary>Where its example asks.</summary>
    public string Link
    {
        get
        {
            var (path, query) = (Path, new List<string>());
            foreach (var parameter in Parameters)
                if (parameter.TryGetProperty("example", out var example))
                {
                    var (name, value) = (parameter.GetProperty("name").GetString()!, Uri.EscapeDataString(example.ToString()));
                    path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
                    if (parameter.GetProperty("in").GetString() == "query")
                        query.Add($"{name}={value}");
                }
            return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
        }
    }

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What holds of every operation of the API, so that a client needs no other document.</summary>
public sealed class EveryOperation(AuditedApi api) : IClassFixture<AuditedApi>
{
    private static readonly string Examples = RepositoryFiles.Path("cloud", "SmartDistrict.Cloud", "ApiExamples.json");

    /// <summary>Who is not signed in may ask these.</summary>
    private static readonly string[] Open = ["signIn", "signOut", "getSignInWays"];

    [Fact]
    public void Says_how_it_refuses()
    {
        var wrong = new List<string>();
        foreach (var operation in api.Operations.Where(operation => operation.IsOurs))
        {
            if (!Open.Contains(operation.Id) && !operation.Statuses.Contains("401"))
                wrong.Add($"{operation}: 401");
            if (operation.Parameters.Any(parameter => parameter.GetProperty("in").GetString() == "path") && !operation.Statuses.Contains("404"))
                wrong.Add($"{operation}: 404");
            if ((operation.Body is not null || operation.Parameters.Any(parameter => parameter.GetProperty("in").GetString() == "query")) && !operation.Statuses.Contains("400"))
                wrong.Add($"{operation}: 400");
        }
        Assert.True(wrong.Count == 0, "these answers are not declared (ProducesProblem): " + string.Join(", ", wrong));
    }

    [Fact]
    public void Answers_a_question_with_an_entity_tag() => Assert.DoesNotContain(
        api.Operations, operation => operation is { IsOurs: true, IsQuestion: true, Answer: not null } && !operation.Statuses.Contains("304"));

    /// <summary>
    /// The examples are in ApiExamples.json: parameters and bodies are written by hand, answers to questions are what a service
    /// really answers, taken over by <c>APPROVE=1</c> in the environment of <see cref="Answers_its_example"/>. They are part of the
    /// service: build again after that.
    /// </summary>
    [Fact]
    public void Has_examples_that_fit_its_schemas()
    {
        var fit = new SchemaFit(api.Document);
        var wrong = new List<string>();
        foreach (var operation in api.Operations)
        {
            foreach (var parameter in operation.Parameters)
                Check($"{operation.Id} parameter {parameter.GetProperty("name")}", parameter, parameter.TryGetProperty("required", out var required) && required.GetBoolean());
            if (operation.Body is { } body)
                Check($"{operation.Id} body", body, true);
            if (operation is { IsOurs: true, Answer: { } answer })
                Check($"{operation.Id} answer", answer, operation.IsQuestion && !operation.IsOfOne);
        }
        Assert.True(wrong.Count == 0, $"mend {Examples}:\n" + string.Join('\n', wrong));

        void Check(string what, JsonElement part, bool needed)
        {
            if (part.TryGetProperty("example", out var example))
                wrong.AddRange(fit.Problems(part.GetProperty("schema"), example).Select(problem => $"{what}: {problem}"));
            else if (needed)
                wrong.Add($"{what} has no example");
        }
    }

    [Fact]
    public async Task Answers_its_example()
    {
        var fit = new SchemaFit(api.Document);
        var wrong = new List<string>();
        var answers = new Dictionary<string, JsonNode>();
        foreach (var operation in api.Operations.Where(operation => operation is { IsOurs: true, IsQuestion: true, Answer: not null }))
        {
            using var response = await api.Client.GetFromAsync(operation.Link);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound && operation.IsOfOne)
                continue;
            if (response.StatusCode != HttpStatusCode.OK)
                wrong.Add($"{operation.Link}: {(int)response.StatusCode} {text}");
            else
            {
                using var answer = JsonDocument.Parse(text);
                wrong.AddRange(fit.Problems(operation.Answer!.Value.GetProperty("schema"), answer.RootElement).Select(problem => $"{operation.Link}: {problem}"));
                answers[operation.Id] = JsonNode.Parse(text)!;
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
            await ApproveAsync(answers, fit);
    }

    [Fact]
    public async Task Answers_nothing_new_to_who_has_the_answer()
    {
        foreach (var operation in api.Operations.Where(operation => operation is { IsOurs: true, IsQuestion: true, Answer: not null }))
        {
            using var first = await api.Client.GetFromAsync(operation.Link);
            if (first.StatusCode != HttpStatusCode.OK)
                continue;
            Assert.True(first.Headers.ETag is not null, $"{operation} has no entity tag");
            using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(operation.Link, UriKind.Relative));
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var second = await api.Client.SendAsync(again, TestContext.Current.CancellationToken);
            Assert.True(second.StatusCode == HttpStatusCode.NotModified, $"{operation} answers {(int)second.StatusCode} to its own tag");
        }
    }

    /// <summary>Examples that fit are left, so that nothing changes without need.</summary>
    private async Task ApproveAsync(Dictionary<string, JsonNode> answers, SchemaFit fit)
    {
        var all = JsonNode.Parse(await File.ReadAllTextAsync(Examples, TestContext.Current.CancellationToken))!.AsObject();
        foreach (var (id, answer) in answers)
        {
            var own = all[id] as JsonObject ?? [];
            var schema = api.Operations.Single(operation => operation.Id == id).Answer!.Value.GetProperty("schema");
            if (own["answer"] is not { } example || fit.Problems(schema, JsonSerializer.SerializeToElement(example)).Any())
                own["answer"] = answer;
            all[id] = own;
        }
        var lines = all.Select(example => $"  {JsonSerializer.Serialize(example.Key)}: {example.Value!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })}");
        await File.WriteAllTextAsync(Examples, "{\n" + string.Join(",\n", lines) + "\n}\n", TestContext.Current.CancellationToken);
    }
}
