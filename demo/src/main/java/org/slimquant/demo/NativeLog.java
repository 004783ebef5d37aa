package org.slimquant.demo;

/** The log lines that TensorFlow's native library writes to the error stream of the process. */
final class NativeLog {

  private NativeLog() {}

  /**
   * Hides the lines. From then on, Java's error output goes to the standard output. Set {@code
   * TF_CPP_MIN_LOG_LEVEL=0} to see the lines nevertheless.
   *
   * <p>That variable alone is not enough: TensorFlow 2.18 logs the first run of a session through a
   * library that ignores it and writes directly to file descriptor 2. Closing the Java stream
   * redirects the descriptor to nowhere; the JDK does not let it be reused.
   */
  static void mute() {
    if (!"0".equals(System.getenv("TF_CPP_MIN_LOG_LEVEL"))) {
      System.err.close();
      System.setErr(System.out);
    }
  }
}
