using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SmartDistrict.Cloud.Tests.Hosting;

namespace SmartDistrict.Cloud.Tests.Api;

/// <summary>
/// Every endpoint × role. Reading is for viewers and writing for operators, unless it stands in <see cref="Others"/> or
/// below <see cref="Administrators"/>; an endpoint that is new is tested by that rule without a line here.
/// </summary>
public sealed class WhoMayDoWhat(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private static readonly string[] Roles = ["nobody", "viewer", "operator", "administrator"];

    private static readonly Dictionary<string, string> Others = new()
    {
        ["GET /healthz"] = "nobody",
        ["GET /openapi/{documentName}.json"] = "nobody",
        ["GET /api/v1/session/ways"] = "nobody",
        ["POST /api/v1/session"] = "nobody",
        ["DELETE /api/v1/session"] = "nobody",
        ["POST /api/v1/set-up"] = "nobody",
        ["PUT /api/v1/session/password"] = "viewer",
    };

    /// <summary>What lies below these is for administrators, reading too.</summary>
    private static readonly string[] Administrators = ["/api/v1/people", "/api/v1/tokens", "/api/v1/audit", "/api/v1/alarms/webhooks"];

    [Fact]
    public async Task Is_decided_for_every_endpoint_and_role()
    {
        List<string> wrong = [];
        foreach (var (method, pattern) in Endpoints())
        {
            var usual = Administrators.Any(room => Lies(pattern, room)) ? "administrator" : method is "GET" or "HEAD" ? "viewer" : "operator";
            var least = Others.GetValueOrDefault($"{method} {pattern}", usual);
            foreach (var role in Roles)
            {
                var status = await AskAsync(role, method, pattern);
                var expected = Array.IndexOf(Roles, role) >= Array.IndexOf(Roles, least) ? "is let in" : role == "nobody" ? "401" : "403";
                var actual = status switch { HttpStatusCode.Unauthorized => "401", HttpStatusCode.Forbidden => "403", _ => "is let in" };
                // Nobody gets further than this at a door where one gives a password or a code.
                if (expected != actual && !(pattern is "/api/v1/session/password" && actual == "403" && role != "nobody"))
                    wrong.Add($"{method} {pattern}: {role} {actual} ({(int)status}), not {expected}");
            }
        }
        Assert.Equal([], wrong);
    }

    [Fact]
    public void Names_no_endpoint_that_is_gone()
    {
        var known = Endpoints().Select(endpoint => $"{endpoint.Method} {endpoint.Pattern}").ToHashSet();
        Assert.Equal([], Others.Keys.Except(known));
        Assert.Equal([], Administrators.Where(room => !Endpoints().Any(endpoint => Lies(endpoint.Pattern, room))));
    }

    [Fact]
    public async Task Is_nothing_with_a_gateways_token()
    {
        foreach (var (method, pattern) in Endpoints().Where(endpoint => !Others.ContainsKey($"{endpoint.Method} {endpoint.Pattern}")))
        {
            using var response = await shared.App.Gateway().SendAsync(
                new HttpRequestMessage(new(method), Filled(pattern)), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            await response.ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
        }
    }

    private static bool Lies(string pattern, string room) => pattern == room || pattern.StartsWith(room + "/", StringComparison.Ordinal);

    /// <summary>The API's endpoints; the gateways' way in has tokens of its own (see the tests of writing), the console's files are for everybody.</summary>
    private IEnumerable<(string Method, string Pattern)> Endpoints() => shared.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null)
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'))))
        .Where(endpoint => endpoint.Item2 != "/api/v2/write" && endpoint.Item2.StartsWith("/api/", StringComparison.Ordinal) || endpoint.Item2 is "/healthz" or "/openapi/{documentName}.json");

    private async Task<HttpStatusCode> AskAsync(string role, string method, string pattern)
    {
        using var client = role == "nobody" ? shared.App.Browser() : shared.App.Bearer(role);
        using var response = await client.SendAsync(
            new HttpRequestMessage(new(method), Filled(pattern)), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>A path of a pattern; what its ids name need not be there.</summary>
    private static string Filled(string pattern) => string.Join('/', RoutePatternFactory.Parse(pattern).PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => parameter.Name == "documentName" ? "v1" : "987654321",
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "",
    })))).Insert(0, "/");
}
