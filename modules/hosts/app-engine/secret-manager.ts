/**
 * The step that puts secrets into Secret Manager; it may be done again.
 * @param prefix what their names begin with
 * @param placeholders what no secret may have any more
 */
export function secretManager(prefix: string, placeholders: readonly string[]): string {
  const check = `     if grep -lE '${placeholders.join("|")}' secrets/*; then
       echo "These have a placeholder: do the step before" >&2
       exit 1
     fi
`;
  return `Put the secrets that are new or changed into Secret Manager, and let the application read them, and nothing else. Whatever
   version of the application starts an instance reads the latest ones${placeholders.length > 0 ? ", so none is put there with a placeholder" : ""}.

   \`\`\`sh
   (
     set -e
${placeholders.length > 0 ? check : ""}     for file in secrets/*; do
       name=${prefix}-$(basename "$file" | tr . -)
       gcloud secrets describe "$name" >/dev/null 2>&1 || gcloud secrets create "$name" --replication-policy=automatic
       gcloud secrets add-iam-policy-binding "$name" --role=roles/secretmanager.secretAccessor \\
         --member=serviceAccount:PROJECT_ID@appspot.gserviceaccount.com
       if [ "$(gcloud secrets versions access latest --secret="$name" 2>/dev/null)" != "$(cat "$file")" ]; then
         gcloud secrets versions add "$name" --data-file="$file"
       fi
     done
   )
   \`\`\``;
}
