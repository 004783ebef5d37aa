package org.slimquant.demo.deployment;

import java.io.IOException;

/** Thrown if a command ended with an error. */
final class FailedCommandException extends IOException {

  private static final long serialVersionUID = 1;

  private final String fact;

  FailedCommandException(String command, int status, String output) {
    this("%s ended with %s: %s".formatted(command, status, output));
  }

  private FailedCommandException(String fact) {
    super(fact);
    this.fact = fact;
  }

  /** Returns the command, its exit status and its output. */
  String fact() {
    return fact;
  }
}
