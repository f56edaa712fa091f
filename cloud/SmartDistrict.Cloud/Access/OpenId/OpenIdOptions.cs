namespace SmartDistrict.Cloud.Access.OpenId;

/// <summary>Section <c>Cloud:OpenId</c>: people may sign in at a provider of OpenID Connect, beside those with passwords. Off without an issuer.</summary>
public sealed class OpenIdOptions
{
    /// <summary>The provider, <c>https://login.example/realms/city</c>; what stands below it at <c>/.well-known/openid-configuration</c> tells the rest.</summary>
    public string? Issuer { get; set; }

    /// <summary>How the provider knows this service. It sends people back to <c>/sign-in/openid/done</c> of this service's address.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>File with the client's secret.</summary>
    public string ClientSecretFile { get; set; } = "";

    /// <summary>What the sign-in page calls the provider.</summary>
    public string Name { get; set; } = "OpenID Connect";

    /// <summary>What is asked for, separated by blanks.</summary>
    public string Scope { get; set; } = "openid profile";

    /// <summary>
    /// The claim that says what somebody may do, a text or a list, in the ID token or else in the user info: <c>operator</c> in every
    /// district, <c>harbour:operator</c> in the district of that id alone. A dot leads into an object: <c>realm_access.roles</c>.
    /// </summary>
    public string RoleClaim { get; set; } = "roles";

    internal bool On => !string.IsNullOrEmpty(Issuer);

    /// <exception cref="StartException">A setting is wrong; the message says which, and how to mend it.</exception>
    internal string ReadSecret()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || !IsSafe(issuer))
            throw new StartException($"Cloud:OpenId:Issuer is {Issuer}: give an address that begins with https:// (http:// on this machine only)");
        if (ClientId.Length == 0)
            throw new StartException("Cloud:OpenId:ClientId is missing: give the name under which the provider knows this service");
        if (!Scope.Split(' ').Contains("openid"))
            throw new StartException($"Cloud:OpenId:Scope is '{Scope}': it must hold openid");
        try
        {
            return File.ReadAllText(ClientSecretFile).Trim() is { Length: > 0 } secret ? secret
                : throw new StartException($"Cloud:OpenId:ClientSecretFile names {ClientSecretFile}, which is empty: write the client's secret into it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException($"Cloud:OpenId:ClientSecretFile names '{ClientSecretFile}', which cannot be read ({e.Message}): write the client's secret into a file that this process may read", e);
        }
    }

    /// <summary>Whether what comes from there comes from whom it says: so the provider's keys are believed, and it alone learns the client's secret.</summary>
    internal static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
