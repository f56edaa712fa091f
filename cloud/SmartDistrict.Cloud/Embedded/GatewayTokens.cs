using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Access;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>Whose token a writer shows. Only hashes are kept; a token is found by its hash, so no comparison leaks its text.</summary>
internal sealed class GatewayTokens(IOptions<CloudOptions> options, ApiTokens tokens)
{
    private readonly Dictionary<string, string> gatewayByHash = options.Value.Gateways.ToDictionary(
        gateway => gateway.TokenSha256, gateway => gateway.Id, StringComparer.OrdinalIgnoreCase);

    /// <summary>The gateway whose token stands in <c>Authorization: Token …</c> (or <c>Bearer …</c>); null where there is none or it is unknown.</summary>
    public string? GatewayOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        foreach (var scheme in (string[])["Token ", "Bearer "])
            if (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return Secret.Hash(header[scheme.Length..]) is var hash && gatewayByHash.TryGetValue(hash, out var gateway) ? gateway : tokens.GatewayOf(hash);
        return null;
    }
}
