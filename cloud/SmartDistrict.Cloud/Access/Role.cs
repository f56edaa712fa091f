using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;

namespace SmartDistrict.Cloud.Access;

/// <summary>What somebody may do; each may do what those before it may.</summary>
[JsonConverter(typeof(ByName<Role>))]
public enum Role
{
    /// <summary>Sees everything but people, tokens and the audit.</summary>
    [JsonStringEnumMemberName("viewer")]
    Viewer,

    /// <summary>Acts: alarms, notes, calibration, counts.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>Decides who may do what, and reads the audit.</summary>
    [JsonStringEnumMemberName("administrator")]
    Administrator,
}

/// <summary>The authorization policies: <c>.RequireAuthorization(Policies.Operator)</c>.</summary>
internal static class Policies
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Administrator = "administrator";

    public static string Name(this Role role) => role switch
    {
        Role.Viewer => Viewer,
        Role.Operator => Operator,
        Role.Administrator => Administrator,
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static Role RoleOf(string name) => name switch
    {
        Viewer => Role.Viewer,
        Operator => Role.Operator,
        Administrator => Role.Administrator,
        _ => throw new InvalidDataException($"the state file has the role '{name}', which this program does not know: install a newer version"),
    };

    /// <summary>Somebody who was let in.</summary>
    public static ClaimsPrincipal Principal(string name, Role role, string scheme, params IEnumerable<Claim> more) =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, role.Name()), .. more], scheme));

    /// <summary>What somebody may do in this district; null where nobody is signed in or has no right here.</summary>
    public static Role? RoleIn(this ClaimsPrincipal who)
    {
        foreach (var role in (Role[])[Role.Administrator, Role.Operator, Role.Viewer])
            if (who.IsInRole(role.Name()))
                return role;
        return null;
    }

    public static void AddPolicies(this AuthorizationBuilder authorization) => authorization
        .AddPolicy(Viewer, policy => policy.RequireRole(Viewer, Operator, Administrator))
        .AddPolicy(Operator, policy => policy.RequireRole(Operator, Administrator))
        .AddPolicy(Administrator, policy => policy.RequireRole(Administrator));
}
