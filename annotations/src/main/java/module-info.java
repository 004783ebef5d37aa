/** The annotation of quantized layers. */
module org.slimquant.annotations {
  requires static org.jspecify;

  exports org.slimquant.annotations;
}
