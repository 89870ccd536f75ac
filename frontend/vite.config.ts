import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** The same as the server's, so that a page that breaks it is seen before it is deployed. */
const policy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
const backend = process.env.JINZHU_BACKEND ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  server: { proxy: { '/api': backend, '/health': backend } },
  preview: { proxy: { '/api': backend, '/health': backend }, headers: { 'Content-Security-Policy': policy } },
  build: {
    manifest: true,
    chunkSizeWarningLimit: 1600,
    // Inlined files would need data: in the content security policy.
    assetsInlineLimit: 0,
    rollupOptions: { input: { console: 'index.html', docs: 'docs/index.html' } },
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
  },
})
