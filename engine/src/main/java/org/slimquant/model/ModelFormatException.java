package org.slimquant.model;

import java.io.IOException;

/** Says that a file is not an integer model that this version can read whole, and why. */
public final class ModelFormatException extends IOException {

  private static final long serialVersionUID = 1;

  ModelFormatException(String message) {
    super(message);
  }
}
