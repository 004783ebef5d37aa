package org.slimquant.deploy.compile.pass;

/** Thrown where something else stands between two ops than a dilated convolution. */
final class NotDilatedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String reason;
  private final String remedy;

  NotDilatedException(String reason, String remedy) {
    super(reason);
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Returns what stands there. */
  String reason() {
    return reason;
  }

  /** Returns what to do about it. */
  String remedy() {
    return remedy;
  }
}
