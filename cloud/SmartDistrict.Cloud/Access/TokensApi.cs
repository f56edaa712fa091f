using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud.Access;

/// <summary>A token that shall be made: with a role for the API, or with a gateway for writing its windows.</summary>
public sealed record NewToken
{
    /// <summary>What the audit calls the program.</summary>
    [Required(ErrorMessage = "name is missing: say which program the token is for")]
    [RegularExpression(PersonRules.DisplayName, ErrorMessage = "name has 1 to 80 characters, without < and > and without control characters")]
    public string? Name { get; init; }

    /// <summary>What it may do in the API; left out for a gateway.</summary>
    public Role? Role { get; init; }

    /// <summary>The gateway of the district's file whose windows it may write; left out for the API.</summary>
    [StringLength(64, ErrorMessage = "gateway has at most 64 characters")]
    public string? Gateway { get; init; }

    /// <summary>After how many days it opens nothing any more, 1 to 3650; null is never.</summary>
    [Range(1, 3650, ErrorMessage = "days is 1 to 3650")]
    public int? Days { get; init; }
}

internal static class TokensApi
{
    private const int StartLength = 8;

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/tokens").WithTags("Tokens").RequireAuthorization(Policies.Administrator)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        tokens.MapGet("", Page).WithName("getTokens").WithSummary("The tokens that were made, newest first, those revoked and expired too").ProducesValidationProblem();
        tokens.MapPost("", Make).WithName("makeToken").WithSummary("Makes a token for a program or a gateway, and shows it this once").ProducesValidationProblem();
        tokens.MapDelete("/{id:long}", Revoke).WithName("revokeToken").WithSummary("Revokes a token: it opens nothing any more")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<TokenPage> Page([AsParameters] RecordPageQuery query, StateFile state)
    {
        var tokens = state.Read(rows => rows.List(
            $"SELECT {ApiToken.Columns} FROM token WHERE id < $1 ORDER BY id DESC LIMIT $2", ApiToken.Read, query.Below, query.OneMore));
        var more = query.Cut(tokens);
        return TypedResults.Ok(new TokenPage(tokens, more ? tokens[^1].Id : null));
    }

    private static Results<Ok<MadeToken>, ProblemHttpResult> Make(
        NewToken wish, ClaimsPrincipal who, HttpResponse response, District district, StateFile state, AuditTrail audit, TimeProvider clock)
    {
        if (wish.Role is null == wish.Gateway is null)
            return Problem.BadRequest("scope-unclear", "Give either role (for the API) or gateway (for writing its windows)");
        if (wish.Gateway is { } gateway && district.Gateways.All(known => known.Id != gateway))
            return Problem.BadRequest("gateway-unknown", $"The district has no gateway {gateway}: it knows {string.Join(", ", district.Gateways.Select(known => known.Id))}");
        var text = Secret.Token();
        var now = clock.GetUtcNow();
        var made = state.Write(rows =>
        {
            rows.Run("INSERT INTO token (name, hash, start, role, gateway, made_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                wish.Name!.Trim(), Secret.Hash(text), text[..StartLength], wish.Role?.Name(), wish.Gateway, who.Identity!.Name!,
                now.ToUnixTimeMilliseconds(), wish.Days is { } days ? now.AddDays(days).ToUnixTimeMilliseconds() : null);
            var token = rows.List($"SELECT {ApiToken.Columns} FROM token WHERE id = last_insert_rowid()", ApiToken.Read)[0];
            audit.Note(rows, who, "token.make", token.Name, after: Said(token));
            return token;
        });
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new MadeToken(made, text));
    }

    private static Results<NoContent, ProblemHttpResult> Revoke(
        [Description("The token.")] long id, ClaimsPrincipal who, StateFile state, AuditTrail audit, OpenRequests open, TimeProvider clock)
    {
        var known = state.Write(rows =>
        {
            if (rows.List($"SELECT {ApiToken.Columns} FROM token WHERE id = $1", ApiToken.Read, id) is not [var token])
                return false;
            if (rows.Run("UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", id, clock.GetUtcNow().ToUnixTimeMilliseconds()) > 0)
                audit.Note(rows, who, "token.revoke", token.Name, before: Said(token));
            return true;
        });
        if (!known)
            return Problem.Of(StatusCodes.Status404NotFound, "token-not-found", $"There is no token {id}: GET /api/v1/tokens lists them");
        open.EndWhatIsOver();
        return TypedResults.NoContent();
    }

    /// <summary>A token as the audit tells of it.</summary>
    private static object Said(ApiToken token) => new { token.Id, role = token.Role?.Name(), token.Gateway, token.ExpiresAt };
}
