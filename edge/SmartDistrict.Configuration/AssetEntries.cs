namespace SmartDistrict.Configuration;

/// <summary>A locker (智能柜) beside which a gateway stands.</summary>
/// <param name="Gateway">The one gateway that writes of it.</param>
/// <param name="Level">Storey; 0 is the street.</param>
/// <param name="Compartments">How many; they are numbered from 1.</param>
public sealed record LockerEntry(string Id, LocalName Name, string Gateway, Position At, int Level, int Compartments)
{
    public const int MostCompartments = 500;
}

/// <summary>A self-service kiosk.</summary>
/// <inheritdoc cref="LockerEntry"/>
public sealed record KioskEntry(string Id, LocalName Name, string Gateway, Position At, int Level);

/// <summary>An unmanned retail cart. It says itself where it is.</summary>
/// <inheritdoc cref="LockerEntry"/>
public sealed record CartEntry(string Id, LocalName Name, string Gateway);
