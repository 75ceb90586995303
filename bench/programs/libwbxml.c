/* One round of libwbxml over one document, both ways within its library:
     libwbxml to-wbxml MS FILE.xml      XML text to WBXML, over and over for MS milliseconds of processor time
     libwbxml to-xml MS FILE.wbxml      WBXML to XML text, the same
     libwbxml write FILE.xml OUT        XML text to WBXML, once
   Prints {"perSecond": N}; ends with status 1 when the library refuses the document. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wbxml/wbxml.h>
#include <wbxml/wbxml_conv.h>

static double processor(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static unsigned char in[1 << 16];

static WB_ULONG read_whole(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) exit(2);
  size_t length = fread(in, 1, sizeof in - 1, file);
  fclose(file);
  return (WB_ULONG)length;
}

static WBXMLConvXML2WBXML *encoder;
static WBXMLConvWBXML2XML *decoder;

static int encode(WB_ULONG length, WB_UTINY **out, WB_ULONG *out_length) {
  return wbxml_conv_xml2wbxml_run(encoder, in, length, out, out_length) == WBXML_OK;
}

static int decode(WB_ULONG length, WB_UTINY **out, WB_ULONG *out_length) {
  return wbxml_conv_wbxml2xml_run(decoder, in, length, out, out_length) == WBXML_OK;
}

int main(int count, char **argument) {
  if (count != 4) return 2;
  wbxml_conv_xml2wbxml_create(&encoder);
  wbxml_conv_xml2wbxml_set_version(encoder, WBXML_VERSION_12);
  wbxml_conv_xml2wbxml_disable_string_table(encoder);
  wbxml_conv_xml2wbxml_disable_public_id(encoder);
  wbxml_conv_wbxml2xml_create(&decoder);
  wbxml_conv_wbxml2xml_set_gen_type(decoder, WBXML_GEN_XML_CANONICAL);
  wbxml_conv_wbxml2xml_set_language(decoder, WBXML_LANG_SYNCML_SYNCML12);
  WB_UTINY *out = NULL;
  WB_ULONG out_length = 0;
  if (strcmp(argument[1], "write") == 0) {
    if (!encode(read_whole(argument[2]), &out, &out_length)) return 1;
    FILE *file = fopen(argument[3], "wb");
    if (file == NULL || fwrite(out, 1, out_length, file) != out_length || fclose(file) != 0) return 2;
    return 0;
  }
  int (*convert)(WB_ULONG, WB_UTINY **, WB_ULONG *) = strcmp(argument[1], "to-wbxml") == 0 ? encode : decode;
  double wanted = atof(argument[2]) / 1000;
  WB_ULONG length = read_whole(argument[3]);
  double began = 0, spent = 0;
  long times = 0;
  /* The first hundred only warm up. */
  for (long at = -100; at < 0 || spent < wanted; at++) {
    if (at == 0) began = processor();
    out = NULL;
    if (!convert(length, &out, &out_length)) return 1;
    free(out);
    if (at < 0) continue;
    times++;
    if (times % 64 == 0) spent = processor() - began;
  }
  printf("{\"perSecond\": %.1f}\n", times / spent);
  return 0;
}
