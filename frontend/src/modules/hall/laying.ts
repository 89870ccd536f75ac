/** The form of a hall, a zone or a window: filled anew whenever it opens, saved as new or on the version that was seen. */
import { reactive, ref, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { ElMessage } from 'element-plus'
import { useSaving } from '@/composables/saving'

interface Options<Form, Saved> {
  /** What stands in the fields when the form opens. */
  filled: () => Form
  /** Whether all is there that it cannot do without. */
  ready: (form: Form) => boolean
  /** Whether it changes something that is there. */
  changes: () => boolean
  send: (form: Form) => Promise<Saved>
  done: (saved: Saved) => void
  meanwhile: () => void
}

export function useLaying<Form extends object, Saved>(open: Ref<boolean>, options: Options<Form, Saved>) {
  const { t } = useI18n()
  const form = reactive(options.filled()) as Form
  const tried = ref(false)
  const saving = useSaving(async () => {
    const saved = await options.send(form)
    ElMessage.success({ message: t(options.changes() ? 'hall.saved' : 'hall.opened'), grouping: true })
    open.value = false
    options.done(saved)
  }, options.meanwhile)
  watch(open, (now) => {
    if (!now) return
    tried.value = false
    saving.forget()
    Object.assign(form, options.filled())
  })
  function save(): void {
    tried.value = true
    if (options.ready(form)) void saving.run()
  }
  return { form, tried, saving, save }
}
