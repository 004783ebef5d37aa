package org.slimquant.demo.training;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars: one that moves on a terminal, a line now and then in a file or a pipe. */
public final class Progress {

  private static final int WIDTH = 79;
  private static final int TERMINAL_INTERVAL_MILLIS = 200;
  private static final int LINE_INTERVAL_MILLIS = 5_000;

  private Progress() {}

  /** Returns a bar of {@code steps} steps, which the caller closes. */
  public static ProgressBar bar(String name, long steps, PrintStream out) {
    boolean terminal = out == System.out && isTerminal();
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(steps)
        .setUnit(" steps", 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(terminal ? TERMINAL_INTERVAL_MILLIS : LINE_INTERVAL_MILLIS)
        // With a given width, the bar does not use the terminal's native library.
        .setConsumer(terminal ? new ConsoleProgressBarConsumer(out, WIDTH) : lines(out))
        .build();
  }

  /** Returns a consumer that prints each new state on a separate line. */
  private static ProgressBarConsumer lines(PrintStream out) {
    AtomicReference<String> last = new AtomicReference<>("");
    return new DelegatingProgressBarConsumer(
        line -> {
          if (!last.getAndSet(line).equals(line)) {
            out.println(line);
          }
        },
        WIDTH);
  }

  @SuppressWarnings(
      "SystemConsoleNull") // JDK 22 to 24 always have a console, so the bar moves in a file too
  private static boolean isTerminal() {
    return System.console() != null;
  }
}
