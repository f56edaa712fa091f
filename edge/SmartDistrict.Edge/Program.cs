using SmartDistrict.Edge.Checking;

if (args is ["check", .. var arguments])
    return CheckCommand.Run(arguments, Console.Out);
return 0;
