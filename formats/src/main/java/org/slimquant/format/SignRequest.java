package org.slimquant.format;

import java.util.Optional;

/** The sign that the codes of a tensor must have, or the request to choose it from data. */
public enum SignRequest {

  /**
   * Calibration chooses the sign: codes are unsigned if the tensor had elements above 0 and none
   * below, otherwise signed.
   */
  CALIBRATED,

  /** Codes are symmetric about 0. */
  SIGNED,

  /** Codes start at 0. */
  UNSIGNED;

  /** Returns the request for one of the signs. */
  public static SignRequest of(boolean signed) {
    return signed ? SIGNED : UNSIGNED;
  }

  /** Returns whether a format of this sign satisfies the request. */
  public boolean allows(boolean signed) {
    return this == CALIBRATED || this == of(signed);
  }

  /** Returns the request that satisfies both, if there is one. */
  Optional<SignRequest> and(SignRequest other) {
    if (this == CALIBRATED || this == other) {
      return Optional.of(other);
    }
    return other == CALIBRATED ? Optional.of(this) : Optional.empty();
  }

  /** Returns the codes as messages show them: {@code int8}, {@code uint8}, or both of them. */
  public String codes(int bits) {
    return switch (this) {
      case CALIBRATED -> "int%d or uint%d".formatted(bits, bits);
      case SIGNED -> "int%d".formatted(bits);
      case UNSIGNED -> "uint%d".formatted(bits);
    };
  }
}
