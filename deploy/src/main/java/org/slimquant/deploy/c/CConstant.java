package org.slimquant.deploy.c;

/** A constant in the source. */
sealed interface CConstant permits CTable, LayerStruct {

  /** Returns the constant's name, without the model's: {@code Conv1_bias}. */
  String name();

  /** Returns its size. */
  long bytes();
}
