package org.slimquant.model;

import java.io.IOException;

/**
 * Thrown if a file is not an integer model that this version can read completely. The message has
 * the reason.
 */
public final class ModelFormatException extends IOException {

  private static final long serialVersionUID = 1;

  ModelFormatException(String message) {
    super(message);
  }
}
