package org.slimquant.demo;

import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slimquant.demo.data.DamagedFileException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A program with arguments. It reports errors in one line. */
final class Program {

  private Program() {}

  /**
   * Returns a program as a command that ends with 0 if all went well, with 1 after an error or a
   * failed check, and with 2 if its arguments are wrong.
   */
  static CommandLine command(Callable<Integer> program) {
    CommandLine commandLine = new CommandLine(program).setCaseInsensitiveEnumValuesAllowed(true);
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("shows this text")
                .build());
    return commandLine.setExecutionExceptionHandler(
        (exception, command, arguments) -> {
          if (!(exception instanceof DamagedFileException
              || exception instanceof IllegalArgumentException
              || exception instanceof FileSystemException)) {
            throw exception;
          }
          command.getErr().println(message(exception));
          return command.getCommandSpec().exitCodeOnExecutionException();
        });
  }

  private static @Nullable String message(Exception exception) {
    return exception instanceof FileSystemException e
        ? "%s must be a folder to write to, but is not (%s)"
            .formatted(e.getFile(), e.getClass().getSimpleName())
        : exception.getMessage();
  }
}
