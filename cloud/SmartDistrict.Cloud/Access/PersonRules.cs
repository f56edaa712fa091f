namespace SmartDistrict.Cloud.Access;

/// <summary>What names may look like: nothing that could pass for another, nothing that a page would take for markup.</summary>
internal static class PersonRules
{
    public const string Name = @"^\s*[\p{L}\p{Nd}][\p{L}\p{Nd}._@-]{0,63}\s*$";
    public const string NameFault = "name has 1 to 64 letters, digits, or any of . _ @ - and begins with a letter or digit";

    public const string DisplayName = @"^[^\p{C}<>]{1,80}$";
    public const string DisplayNameFault = "displayName has 1 to 80 characters, without < and > and without control characters";
}
