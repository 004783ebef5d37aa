/** The annotation of quantized layers. */
module org.slimquant.annotations {
  requires static transitive org.jspecify;

  exports org.slimquant.annotations;
}
