using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Edge;

/// <summary>Which gateway this is and where its files lie.</summary>
public sealed class GatewayOptions
{
    /// <summary>The gateway's site id; the district file says which devices are its own.</summary>
    [Required(ErrorMessage = "Gateway:Id is missing: give the gateway's id as it stands in the district file")]
    public string Id { get; set; } = "";

    /// <summary>Path of the district file.</summary>
    [Required(ErrorMessage = "Gateway:District is missing: give the path of the district's YAML file")]
    public string District { get; set; } = "";

    /// <summary>Folder of device profiles.</summary>
    [Required(ErrorMessage = "Gateway:Profiles is missing: give the folder of the device profiles")]
    public string Profiles { get; set; } = "";

    /// <summary>Folder of the journal and the state: on the gateway's own disk, writable by this process alone.</summary>
    [Required(ErrorMessage = "Gateway:Data is missing: give the folder for the journal and the state")]
    public string Data { get; set; } = "";

    /// <summary>
    /// Enrolment number: each new set-up of the same gateway needs a higher one, or its windows would lose against those of
    /// its predecessor. Left out, it is the time of the first start with an empty data folder, s since the Unix epoch.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long? Generation { get; set; }
}
