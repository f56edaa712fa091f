using System.Security.Claims;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>A program's way in. Its text was shown once, when it was made.</summary>
/// <param name="Id">Ascending number.</param>
/// <param name="Name">What the audit calls the program.</param>
/// <param name="Start">How the token's text begins, to tell it from others.</param>
/// <param name="Role">What it may do in the API; null for a gateway's write token.</param>
/// <param name="Gateway">Whose windows it may write, and nothing else; null for the API.</param>
/// <param name="MadeBy">Who made it.</param>
/// <param name="MadeAt">ms since the Unix epoch.</param>
/// <param name="ExpiresAt">From when on it opens nothing, ms since the Unix epoch; null is never.</param>
/// <param name="UsedAt">When it was last used, to ten minutes; null where it never was.</param>
/// <param name="RevokedAt">When it was revoked; null where it was not.</param>
public sealed record ApiToken(
    long Id, string Name, string Start, Role? Role, string? Gateway, string MadeBy, long MadeAt, long? ExpiresAt, long? UsedAt, long? RevokedAt)
{
    internal const string Columns = "id, name, start, role, gateway, made_by, made_at, expires_at, used_at, revoked_at";

    internal static ApiToken Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : Policies.RoleOf(row.GetString(3)), row.IsDBNull(4) ? null : row.GetString(4),
        row.GetString(5), row.GetInt64(6), Number(row, 7), Number(row, 8), Number(row, 9));

    private static long? Number(SqliteDataReader row, int i) => row.IsDBNull(i) ? null : row.GetInt64(i);
}

/// <summary>Tokens, newest first.</summary>
/// <param name="Tokens">A page of them.</param>
/// <param name="Next">Ask for the next page with before= this; null where this is the last one.</param>
public sealed record TokenPage(IReadOnlyList<ApiToken> Tokens, long? Next);

/// <summary>A token that was made now.</summary>
/// <param name="Token">What is kept of it.</param>
/// <param name="Text">The token itself. Shown here only: the service keeps its hash.</param>
public sealed record MadeToken(ApiToken Token, string Text);

/// <summary>Whose token a program shows: those of the settings, and those that people made.</summary>
internal sealed class ApiTokens(IOptions<CloudOptions> options, StateFile state, TimeProvider clock)
{
    private const string IdClaim = "token";

    private static readonly TimeSpan UsedStep = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, ClaimsPrincipal> settings = options.Value.ApiTokens.ToDictionary(
        token => token.TokenSha256, token => Policies.Principal(token.Name, token.Role, BearerAccess.SchemeName), StringComparer.OrdinalIgnoreCase);

    /// <summary>The token of a principal; null for a person, and for one of the settings.</summary>
    public static long? IdOf(ClaimsPrincipal who) => long.TryParse(who.FindFirstValue(IdClaim), out var id) ? id : null;

    /// <summary>Who shows this token in the API; null where nobody may.</summary>
    public ClaimsPrincipal? WhoShows(string text)
    {
        var hash = Secret.Hash(text);
        return settings.GetValueOrDefault(hash)
            ?? (Use(hash) is { Role: { } role } token
                ? Policies.Principal(token.Name, role, BearerAccess.SchemeName, new Claim(IdClaim, token.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                : null);
    }

    /// <summary>The gateway whose token was made in the console; null where it is none.</summary>
    public string? GatewayOf(string hash) => Use(hash)?.Gateway;

    public bool Holds(long id) => state.Read(rows => rows.Value("SELECT 1 FROM token WHERE id = $1 AND revoked_at IS NULL AND coalesce(expires_at, $2) >= $2", id, Now)) is not null;

    /// <summary>The token of a hash if it holds; notes that it was used.</summary>
    private ApiToken? Use(string hash)
    {
        var now = Now;
        var token = state.Read(rows => rows.List(
            $"SELECT {ApiToken.Columns} FROM token WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)", ApiToken.Read, hash, now)).SingleOrDefault();
        if (token is not null && now - (token.UsedAt ?? 0) >= (long)UsedStep.TotalMilliseconds)
            state.Write(rows => rows.Run("UPDATE token SET used_at = $2 WHERE id = $1", token.Id, now));
        return token;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
